// Makes the apps to look at, in `work/`: each as it is `before`, and `after` our command.
//
// Writes `work/apps.json`: for each app its directories and what its template has to have.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const program = process.env.CARGO_AMPLIFY;
const corpus = join(here, '../../tests/typescript');
const scaffolds = join(here, '../../scaffolds/auth-trigger');
const apps = [];

rmSync(join(here, 'work'), { recursive: true, force: true });

/** An app that `make` fills, and that our command is run on. Apps with the same `make` share `before`. */
function app(name, make, commands, wants, options = {}) {
  const fill = (state) => {
    const folder = join('work', name, state);
    mkdirSync(join(here, folder), { recursive: true });
    make(join(here, folder), state);
    return folder;
  };
  const before = apps.find((other) => other.make === make)?.before ?? fill('before');
  const after = fill('after');
  for (const command of commands) {
    execFileSync(program, ['new', 'auth-trigger', ...command, '-q', '--path', join(here, after)], { stdio: 'inherit' });
  }
  apps.push({ name, make, before, after, wants, ...options });
}

const write = (folder, path, text) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

/** What `npm create amplify` makes, without its data resource. */
const createdWith = (backend, type = 'module') => (folder) => {
  cpSync(join(corpus, '01-no-triggers-key/before'), folder, { recursive: true });
  write(folder, 'amplify/package.json', JSON.stringify(type ? { type } : {}));
  if (backend) write(folder, 'amplify/backend.ts', backend);
};
const created = createdWith();

/** The names that a scaffold has for its trigger: all that is known of a kind here. */
function names(kind) {
  const text = readFileSync(join(scaffolds, kind, 'scaffold.toml'), 'utf8');
  return text.match(/^cloudformation = "(.*)"$/m)[1];
}

const kinds = readdirSync(scaffolds).filter((kind) => kind !== '_shared' && existsSync(join(scaffolds, kind, 'scaffold.toml')));

/**
 * What a function says itself of the user pool, said `before` by statements behind `defineBackend`.
 * Another pool in the same stack is not meant.
 */
const stated = (command, { function: name, property, version, permission = '' }) => (folder, state) => {
  const imports = `import { defineBackend } from '@aws-amplify/backend';
import { Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { auth } from './auth/resource';
`;
  const other = `new UserPool(Stack.of(pool.resources.userPool), 'Other');\n`;
  createdWith(`${imports}\nconst { auth: pool } = defineBackend({ auth });\n${other}`)(folder);
  if (state === 'after') return;
  execFileSync(program, ['new', 'auth-trigger', ...command, '-q', '--path', folder], { stdio: 'inherit' });
  const path = join(folder, 'amplify/auth', command[0], 'resource.ts');
  const [said] = /^ *let userPool[\s\S]*?add\(\{ visit \}\);\n/m.exec(readFileSync(path, 'utf8'));
  writeFileSync(path, readFileSync(path, 'utf8').replace(said, ''));
  write(folder, 'amplify/backend.ts', `${imports}import { ${name} } from './auth/${command[0]}/resource';
const { auth: pool, ${name}: fn } = defineBackend({ auth, ${name} });
pool.resources.cfnResources.cfnUserPool.addPropertyOverride('LambdaConfig.${property}', {
  LambdaArn: fn.resources.lambda.functionArn,
  LambdaVersion: '${version}',
});
${permission}${other}`);
};

/** What the template has for a kind without further choices. */
function want(kind) {
  const trigger = names(kind);
  const versioned = kind.endsWith('-sender') || kind === 'inbound-federation';
  return versioned ? { trigger, version: 'V1_0', key: kind.endsWith('-sender') } : { trigger };
}

const versioned = (version) => [{ trigger: 'PreTokenGeneration', config: 'PreTokenGenerationConfig', version }];

for (const name of readdirSync(corpus).sort()) {
  const folder = join(corpus, name);
  const wish = JSON.parse(readFileSync(join(folder, 'case.json')));
  if (wish.expect === 'refuse' || !wish.beforeSynthesizes) continue;
  const command = [wish.trigger, '--on-conflict', 'overwrite'];
  if (wish.version) command.push('--event-version', wish.version);
  const trigger = wish.trigger[0].toUpperCase() + wish.trigger.slice(1);
  // The version that is asked for, or that the app's own function gets.
  const version = wish.version ?? wish.sends;
  const wants = version ? versioned(version) : [{ trigger, version: trigger === 'InboundFederation' ? 'V1_0' : undefined }];
  // A tsconfig.json of its own, or another way to find modules.
  const own = existsSync(join(folder, 'before/tsconfig.json')) || name.includes('nodenext') || name.includes('commonjs');
  app(name, (target) => cpSync(join(folder, 'before'), target, { recursive: true }), [command], wants, { own, fresh: name.includes('switch') });
}
for (const kind of kinds) {
  app(`kind-${kind}`, created, [[kind]], [want(kind)]);
}
app('kinds-all', created, kinds.map((kind) => [kind]), kinds.map(want));
app('arm64', created, [['pre-sign-up', '--architecture', 'arm64']], [{ trigger: 'PreSignUp', architecture: 'arm64' }]);
app('environment', created, [['pre-sign-up'], ['post-confirmation', '--input', 'add-user-to-group=true']], [
  { trigger: 'PreSignUp', environment: 'ALLOW_DOMAIN' },
  { trigger: 'PostConfirmation', environment: 'GROUP_NAME', policy: true },
]);
app('decrypt', created, ['custom-email-sender', 'custom-sms-sender'].map((kind) => [kind, '--input', 'decrypt=true']), ['custom-email-sender', 'custom-sms-sender'].map((kind) => ({ ...want(kind), environment: 'KMS_KEY_ARN' })));
for (const version of ['V2_0', 'V3_0']) {
  const exported = `import { defineBackend } from '@aws-amplify/backend';\nimport { auth } from './auth/resource';\n\nexport default defineBackend({ auth });\n`;
  app(`aspect-${version}`, createdWith(exported), [['pre-token-generation', '--event-version', version]], versioned(version));
  const command = ['pre-token-generation', '--event-version', version];
  app(`version-${version}`, created, [command], versioned(version));
  const statements = { function: 'preTokenGeneration', property: 'PreTokenGenerationConfig', version };
  app(`stated-${version}`, stated(command, statements), [command], []);
}
app('stated-inbound-federation', stated(['inbound-federation'], {
  function: 'inboundFederation', property: 'InboundFederation', version: 'V1_0',
  permission: `fn.resources.lambda.addPermission('Cognito', {
  principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
  sourceArn: pool.resources.userPool.userPoolArn,
});
`,
}), [['inbound-federation']], []);
app('switched', created, ['V2_0', 'V3_0', 'V1_0'].map((version) => ['pre-token-generation', '--event-version', version]), [{ trigger: 'PreTokenGeneration' }]);
app('switched-aspect', createdWith(`import { defineBackend } from '@aws-amplify/backend';\nimport { auth } from './auth/resource';\n\nexport default defineBackend({ auth });\n`), ['V2_0', 'V1_0'].map((version) => ['pre-token-generation', '--event-version', version]), [{ trigger: 'PreTokenGeneration' }]);
app('commonjs', createdWith(undefined, 'commonjs'), [['pre-token-generation', '--event-version', 'V2_0']], versioned('V2_0'), { own: true });
app('no-type', createdWith(undefined, ''), [['custom-auth']], ['create-auth-challenge', 'define-auth-challenge', 'verify-auth-challenge-response'].map(want), { own: true });
app('other-name', created, [['pre-sign-up', '--name', 'delete']], [{ trigger: 'PreSignUp' }]);
// Without a user pool there is nothing to compare with.
const noAuth = "import { defineBackend } from '@aws-amplify/backend';\n\ndefineBackend({});\n";
app('no-auth', (folder) => { createdWith(noAuth)(folder); rmSync(join(folder, 'amplify/auth'), { recursive: true }); }, [['pre-sign-up']], [{ trigger: 'PreSignUp' }], { fresh: true });
// A folder that is there would belong to the project above it.
app('new', (folder, state) => { if (state === 'before') created(folder); else rmSync(folder, { recursive: true }); }, [['pre-sign-up', '--wiring', 'typescript', '--login-with', 'phone']], [{ trigger: 'PreSignUp' }], { fresh: true });

// What TypeScript checks: the apps with the settings that `npm create amplify` makes, all at once,
// and each of those with settings of their own.
const ordinary = apps.filter((app) => !app.own);
const include = ['../user.d.ts', ...ordinary.map((app) => `${app.name}/after/amplify/**/*.ts`)];
write(here, 'work/tsconfig.json', JSON.stringify({ extends: '../tsconfig.json', include }));
const own = apps.filter((app) => app.own && existsSync(join(here, app.after, 'amplify/tsconfig.json'))).map((app) => `${app.after}/amplify/tsconfig.json`);
// The functions alone, as a strict project with an older library has it, and one with Node's modules.
const functions = ['../user.d.ts', ...ordinary.map((app) => `${app.name}/after/amplify/auth/*/resource.ts`)];
const strict = { noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, isolatedModules: true, verbatimModuleSyntax: true };
const projects = {
  es2020: { ...strict, target: 'es2020', lib: ['es2020', 'dom'] },
  nodenext: { ...strict, module: 'nodenext', moduleResolution: 'nodenext' },
};
for (const [name, compilerOptions] of Object.entries(projects)) {
  write(here, `work/tsconfig-${name}.json`, JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include: functions }));
}

// For `run`, a line each; an app's `before` may be that of others too.
const list = (name, lines) => write(here, `work/${name}`, [...new Set(lines)].join('\n') + '\n');
list('before', apps.map((app) => app.before));
list('after', apps.map((app) => app.after));
list('projects', ['work/tsconfig.json', ...Object.keys(projects).map((name) => `work/tsconfig-${name}.json`), ...own]);
writeFileSync(join(here, 'work/apps.json'), JSON.stringify(apps, null, 1));
console.log(`${apps.length} apps`);
