/** The largest upload, unless the store is configured otherwise. */
export const FILE_BYTES_MAX = 50 * 1024 * 1024;
/** The largest artifact. */
export const ARTIFACT_BYTES_MAX = 256 * 1024 * 1024;
