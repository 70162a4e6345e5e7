export function embedTexts(root: string): void;
export function textFolders(root: string): string[];
