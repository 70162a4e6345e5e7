// Loaded before a program: when the program ends, the last line on stderr says what it used. maxRSS
// is the kernel's maximum over the run.
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { rssMb: (maxRSS * 1_024) / 1e6, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  process.stderr.write(`\n${JSON.stringify(usage)}\n`);
});
