/**
 * Reads an option's value.
 * @throws RangeError whose message says what the value must be
 */
export type OptionValue<Value> = (text: string) => Value;

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): OptionValue<number> {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max)
      throw new RangeError(`It must be a whole number, ${min} to ${max}.`);
    return value;
  };
}

/** A positive number of seconds. */
export const secondsNumber: OptionValue<number> = (text) => {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0)
    throw new RangeError("It must be a positive number of seconds.");
  return value;
};
