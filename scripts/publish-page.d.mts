export function publishPage(built: string, served: string): void;
