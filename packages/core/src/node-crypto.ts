/** The part of `node:crypto` that is used where the runtime has it. */
interface NodeCrypto {
  /** One hash in one call: Node 20.12, 21.7 and newer. */
  hash?(algorithm: string, input: string | Uint8Array, encoding: 'hex' | 'utf16le'): string;
}

interface NodeProcess {
  /** Node 20.16, 22.3 and newer, Bun, Deno. A way to a built-in module without an import that a bundler would see. */
  getBuiltinModule?(name: string): unknown;
}

/** `node:crypto`, or `undefined` on a runtime without it. Tests of the portable path delete `getBuiltinModule`. */
export const nodeCrypto: NodeCrypto | undefined = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.(
  'node:crypto',
) as NodeCrypto | undefined;
