export function embedTexts(root: string): void;
