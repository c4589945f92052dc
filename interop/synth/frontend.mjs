// Makes `amplify_outputs.json` of every template, and has Amplify make it of the same outputs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import {
  AuthClientConfigContributor,
  VersionContributorV1_5,
} from '../node_modules/@aws-amplify/client-config/lib/client-config-contributor/client_config_contributor_v1.js';

/** A value as CloudFormation would fill it in, with the logical ID for all that it makes up. */
const resolve = (value) => {
  if (typeof value === 'string') return value;
  if (value.Ref) return value.Ref === 'AWS::Region' ? 'us-east-1' : value.Ref;
  if (value['Fn::Join']) {
    const [separator, parts] = value['Fn::Join'];
    return Array.isArray(parts) ? parts.map(resolve).join(separator) : resolve(parts);
  }
  const [text, values] = [value['Fn::Sub'], {}].flat();
  return text.replace(/\$\{([^}]*)\}/g, (_, name) => resolve(values[name] ?? { Ref: name }));
};

const templates = fs.readdirSync('work').filter((file) => file.endsWith('.sam.json'));
const checked = templates.map((file) => {
  const { Outputs } = JSON.parse(fs.readFileSync(`work/${file}`, 'utf8'));
  const payload = Object.fromEntries(
    Object.entries(Outputs).map(([name, { Value }]) => [name, resolve(Value)]),
  );
  const outputs = Object.entries(payload).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const described = JSON.stringify({ Stacks: [{ StackName: 'app', Outputs: outputs }] });
  const ours = JSON.parse(execFileSync(process.env.CARGO_AMPLIFY, ['outputs', '--quiet'], { input: described }));
  const amplify = {
    ...new VersionContributorV1_5().contribute(),
    ...new AuthClientConfigContributor().contribute({
      'AWS::Amplify::Auth': { version: '1', payload },
    }),
  };
  assert.deepEqual(ours, JSON.parse(JSON.stringify(amplify)), file);
  return ours;
});

// For the compiler, which knows what the libraries for frontends take.
const type = `import('../../node_modules/@aws-amplify/client-config/lib/client-config-schema/client_config_v1.5.js')`;
const lines = checked.map((outputs) => `  ${JSON.stringify(outputs)},`);
fs.writeFileSync(
  'work/outputs.ts',
  `export const outputs: ${type}.AWSAmplifyBackendOutputs[] = [\n${lines.join('\n')}\n];\n`,
);
console.log(`${checked.length} amplify_outputs.json are those of Amplify`);
