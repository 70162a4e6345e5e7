export { ScanResult as default } from "./scan-result.js";
