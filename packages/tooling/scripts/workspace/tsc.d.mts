export declare const TSC: string
