import { defineFunction } from '@aws-amplify/backend';
import { Duration } from 'aws-cdk-lib';
import { Architecture, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';

const bin = 'pre-token-generation';

// Resolves a path relative to this file. Uses only web globals, so @types/node is not needed.
const local = (path: string) => {
  const { pathname } = new URL(path, import.meta.url);
  // On Windows there is a slash before the drive.
  return decodeURIComponent(pathname).replace(/^\/(?=[A-Za-z]:\/)/, '');
};

// Compiles the crate in this directory into `<outDir>/bootstrap`. The asset hash is that of the
// compiled file, so the function is deployed again only when it changes.
const build = () => {
  const outDir = local(`../../../target/amplify/${bin}`);
  const command = 'cargo lambda build --release --x86-64'.split(' ');
  command.push('--bin', bin, '--flatten', bin, '--lambda-dir', outDir);
  try {
    return Code.fromCustomCommand(outDir, command, {
      commandOptions: {
        cwd: local('.'),
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    });
  } catch (cause) {
    const message =
      `Could not build the Rust function '${bin}'. See the output of cargo ` +
      'above, and check that Rust (https://rustup.rs) and cargo-lambda ' +
      '(`pip3 install cargo-lambda`) are installed.';
    throw Object.assign(new Error(message), { cause });
  }
};

export const preTokenGeneration = defineFunction(
  (scope) => {
    // Amplify's own functions have no dot in their names, so none has this one's id.
    return new Function(scope, `${bin}.rust`, {
      code: build(),
      handler: 'bootstrap',
      runtime: Runtime.PROVIDED_AL2023,
      architecture: Architecture.X86_64,
      timeout: Duration.seconds(5), // Cognito does not wait longer
      memorySize: 128,
    });
  },
  // The stack of the user pool: in another one, a function that refers to the pool would make the
  // two stacks depend on each other, and neither could be deployed.
  { resourceGroupName: 'auth' },
);
