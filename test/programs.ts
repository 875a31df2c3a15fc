import { join } from 'node:path';
import ts from 'typescript';
import { root } from './tidy/tree.js';

/** The options of tsconfig.json, with its list of files. */
export function repositoryConfig(): ts.ParsedCommandLine {
  const path = join(root, 'tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    { incremental: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  if (config === undefined) throw new Error(`cannot read ${path}`);
  delete config.options.tsBuildInfoFile;
  return config;
}

/**
 * A program of files that are on the disk, with those of `virtual` (absolute path to text) added or in their place. The
 * options go over those of tsconfig.json.
 */
export function programOf(
  paths: readonly string[],
  overrides: ts.CompilerOptions = {},
  virtual: ReadonlyMap<string, string> = new Map(),
): ts.Program {
  const options = { ...repositoryConfig().options, ...overrides };
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = virtual.get(path);
    return text === undefined
      ? getSourceFile(path, languageVersion, ...rest)
      : ts.createSourceFile(path, text, languageVersion, true);
  };
  return ts.createProgram([...paths, ...virtual.keys()], options, host);
}
