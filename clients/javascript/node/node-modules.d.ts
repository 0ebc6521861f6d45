// The little of Node that the publisher needs, for a checker that has no @types/node.
declare module "node:crypto" {
    export function randomBytes(size: number): { toString(encoding: "hex"): string };
}

declare module "node:buffer" {
    export class Buffer extends Uint8Array {
        static alloc(size: number): Buffer;
        static allocUnsafe(size: number): Buffer;
        static byteLength(text: string): number;
        static concat(list: readonly Uint8Array[]): Buffer;
        static from(text: string, encoding?: string): Buffer;
        static from(bytes: Uint8Array): Buffer;
        static from(memory: ArrayBufferLike, offset: number, length: number): Buffer;
        copy(target: Uint8Array, targetStart: number, start: number, end: number): number;
        subarray(begin?: number, end?: number): Buffer;
        toString(encoding?: string): string;
    }
    export function isUtf8(bytes: Uint8Array): boolean;
}

declare module "node:net" {
    import { Buffer } from "node:buffer";
    export class Socket {
        readonly writableNeedDrain: boolean;
        destroy(): this;
        on(event: "connect" | "secureConnect" | "drain" | "end" | "close", listener: () => void): this;
        on(event: "data", listener: (data: Buffer) => void): this;
        on(event: "error", listener: (error: Error) => void): this;
        ref(): this;
        setKeepAlive(on: boolean, delay: number): this;
        setNoDelay(on: boolean): this;
        unref(): this;
        write(bytes: Uint8Array): boolean;
    }
    export function connect(options: { host: string; port: number }): Socket;
    export function isIP(text: string): 0 | 4 | 6;
}

declare module "node:tls" {
    import { Socket } from "node:net";
    export function connect(options: object): Socket;
}
