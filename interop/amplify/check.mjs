// Compares the templates of each app before and after, and looks for what was wanted.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deepStrictEqual } from 'node:assert';

const here = import.meta.dirname;
const { apps, failures } = { apps: JSON.parse(readFileSync(join(here, 'work/apps.json'))), failures: [] };

/** The templates of an app, by the nested stack's name; the root's is ''. */
function templates(folder) {
  const out = join(folder, 'cdk.out');
  const files = readdirSync(out).filter((file) => file.endsWith('.template.json'));
  return Object.fromEntries(
    files.map((file) => [
      /([a-z]+)[0-9A-F]{8}\.nested\.template/.exec(file)?.[1] ?? '',
      JSON.parse(readFileSync(join(out, file))),
    ]),
  );
}

const id = (value) => value?.['Fn::GetAtt']?.[1] === 'Arn' ? value['Fn::GetAtt'][0] : undefined;

/** Takes a trigger out of the template, and fails where something of it is missing. */
function takeOut(template, want) {
  const resources = template.Resources;
  const find = (type, test = () => true) =>
    Object.keys(resources).filter((key) => resources[key].Type === type && test(resources[key].Properties, key));
  const [pool] = find('AWS::Cognito::UserPool');
  const config = resources[pool].Properties.LambdaConfig;
  const entry = config[want.trigger];
  const plain = want.version && !want.config ? entry.LambdaArn : entry;
  if (want.version && !want.config && entry.LambdaVersion !== want.version) throw new Error(`version ${entry.LambdaVersion}`);
  const name = id(plain);
  const properties = resources[name]?.Properties;
  if (properties?.Runtime !== 'provided.al2023') throw new Error(`${want.trigger} is no Rust function: ${JSON.stringify(entry)}`);
  deepStrictEqual([properties.Handler, properties.Architectures], ['bootstrap', [want.architecture ?? 'x86_64']]);
  if (want.environment && !properties.Environment.Variables[want.environment]) throw new Error(`${want.environment} is not set`);
  if (want.config) {
    deepStrictEqual(config[want.config], { LambdaArn: plain, LambdaVersion: want.version });
    delete config[want.config];
  } else if (config[`${want.trigger}Config`]) {
    throw new Error(`${want.trigger}Config is left over`);
  }
  const permissions = find('AWS::Lambda::Permission', (p) =>
    id(p.FunctionName) === name && id(p.SourceArn) === pool && p.Principal === 'cognito-idp.amazonaws.com' && p.Action === 'lambda:InvokeFunction');
  if (permissions.length !== 1) throw new Error(`${permissions.length} permissions for ${want.trigger}`);
  const role = id(properties.Role);
  const policies = find('AWS::IAM::Policy', (p) => p.Roles.some((one) => one.Ref === role));
  if (want.policy && policies.length !== 1) throw new Error(`${policies.length} policies for ${want.trigger}`);
  if (want.key && !config.KMSKeyID) throw new Error('no KMS key');
  if (want.key) delete resources[id(config.KMSKeyID)];
  for (const key of [name, role, ...permissions, ...policies]) delete resources[key];
  for (const key of ['KMSKeyID', want.trigger]) if (key !== 'KMSKeyID' || want.key) delete config[key];
  if (Object.keys(config).length === 0) delete resources[pool].Properties.LambdaConfig;
}

/** Templates without the names of assets, and without Amplify's own list of functions. */
function masked(all) {
  for (const template of Object.values(all)) {
    delete template.Metadata?.['AWS::Amplify::Function'];
    delete template.Outputs?.definedFunctions;
    delete template.Description; // which package made the stack first
    for (const [name, { Value }] of Object.entries(template.Outputs ?? {})) {
      const [resource] = Value['Fn::GetAtt'] ?? [Value.Ref];
      const gone = resource && !resource.startsWith('AWS::') && !template.Resources[resource];
      if (gone) delete template.Outputs[name];
    }
  }
  return unnamed(all);
}

const unnamed = (template) => JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, 'HASH').replace(/"secretLastUpdated":\d+/g, '"secretLastUpdated":0'));

/** Compares an app's templates, of which those after are altered first. */
function check(app, alter = () => {}) {
  const [before, after] = [app.before, app.after].map((folder) => templates(join(here, folder)));
  alter(after);
  const had = app.name.match(/already|imported-not-wired/);
  // The key of both senders is one: it goes with the last.
  const wants = [...app.wants].sort((a, b) => Number(a.key ?? 0) - Number(b.key ?? 0));
  for (const want of wants) {
    const keyIsShared = want.key && wants.filter((other) => other.key).length > 1 && want !== wants.at(-1);
    takeOut(after.auth, keyIsShared ? { ...want, key: false } : want);
    if (had && before.auth.Resources) {
      try {
        takeOut(before.auth, { ...want, architecture: 'arm64' });
      } catch {
        takeOutUnwired(before.auth);
      }
    }
  }
  if (!app.fresh) deepStrictEqual(masked(after), masked(before));
}

/** A function that was there without being called, or with another version of the event. */
function takeOutUnwired(template) {
  const resources = template.Resources;
  const name = Object.keys(resources).find((key) => resources[key].Properties?.Runtime === 'provided.al2023');
  if (!name) return;
  const role = id(resources[name].Properties.Role);
  const pool = Object.values(resources).find((resource) => resource.Type === 'AWS::Cognito::UserPool').Properties;
  delete pool.LambdaConfig;
  for (const key of Object.keys(resources)) {
    const { Type, Properties } = resources[key];
    const of = (Type === 'AWS::Lambda::Permission' && id(Properties.FunctionName) === name)
      || (Type === 'AWS::IAM::Policy' && Properties.Roles.some((one) => one.Ref === role));
    if (of) delete resources[key];
  }
  delete resources[name];
  delete resources[role];
}

for (const app of apps) {
  try {
    check(app);
  } catch (error) {
    failures.push(app.name);
    console.error(`=== ${app.name}: ${error.message}`);
  }
}

/** Ways to make the template of `version-V3_0` wrong, which check() has to see. */
const wrongs = {
  'no permission': ({ resources, permission }) => delete resources[permission],
  'a permission for another service': ({ resources, permission }) => (resources[permission].Properties.Principal = 'sns.amazonaws.com'),
  'a permission for all pools': ({ resources, permission }) => delete resources[permission].Properties.SourceArn,
  'another runtime': ({ resources, name }) => (resources[name].Properties.Runtime = 'nodejs22.x'),
  'another architecture': ({ resources, name }) => (resources[name].Properties.Architectures = ['arm64']),
  'no function': ({ resources, name }) => delete resources[name],
  'another version': ({ config }) => (config.PreTokenGenerationConfig.LambdaVersion = 'V2_0'),
  'no version': ({ config }) => delete config.PreTokenGenerationConfig,
  'another function for the version': ({ config }) => (config.PreTokenGenerationConfig.LambdaArn = { 'Fn::GetAtt': ['other', 'Arn'] }),
  'a trigger too many': ({ config }) => (config.PreSignUp = config.PreTokenGeneration),
  'another password policy': ({ pool }) => (pool.Policies.PasswordPolicy.MinimumLength = 6),
  'a resource too many': ({ resources }) => (resources.other = { Type: 'AWS::SNS::Topic' }),
};

/** The parts of the template that are made wrong. */
function parts({ Resources: resources }) {
  const pool = Object.values(resources).find((resource) => resource.Type === 'AWS::Cognito::UserPool').Properties;
  const config = pool.LambdaConfig;
  const name = id(config.PreTokenGeneration);
  const permission = Object.keys(resources).find((key) => id(resources[key].Properties?.FunctionName) === name);
  return { resources, pool, config, name, permission };
}

for (const [wrong, alter] of Object.entries(wrongs)) {
  try {
    check(apps.find((app) => app.name === 'version-V3_0'), (after) => alter(parts(after.auth)));
  } catch {
    continue;
  }
  failures.push(wrong);
  console.error(`=== not seen: ${wrong}`);
}
const { length: altered } = Object.keys(wrongs);
console.log(`${apps.length} apps, ${altered} altered templates: ${failures.length} failures`);
process.exit(failures.length || apps.length < 50 ? 1 : 0);
