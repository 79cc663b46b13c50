export declare const DEFAULT_PORT: number
export declare const HOST: string
export declare function parsePort(text?: string): number | null
export declare function wrongPort(text: string): string
export declare function portTrouble(code: string | undefined, port: number): string | null
export declare function probePort(wanted: number): Promise<number>
export declare function portObjection(text: string | undefined): Promise<string | null>
