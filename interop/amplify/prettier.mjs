// Has Prettier check what is generated and edited, at the widths that people use: in each app of
// `work/apps.json`, and in apps with a configuration of their own.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier-3';

const here = import.meta.dirname;
const corpus = join(here, '../../tests/typescript/01-no-triggers-key/before');
const widths = [80, 100, 120];
// An object on one line stays on it, also where the entry makes it too long: white space is the user's.
const oneLine = ['46-one-liner', '101-commonjs'];
const failures = [];
let checked = 0;

const files = (folder) =>
  readdirSync(join(folder, 'amplify'), { recursive: true })
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.includes('node_modules'))
    .map((file) => join('amplify', file));

async function isClean(folder, file, options) {
  const path = join(folder, file);
  return prettier.check(readFileSync(path, 'utf8'), { ...options, filepath: path });
}

/** What is new is clean, and what was clean before is clean after. */
async function check(name, before, after, base) {
  for (const file of files(after)) {
    const configured = await prettier.resolveConfig(join(after, file), { editorconfig: true, useCache: false });
    for (const printWidth of widths) {
      if (oneLine.includes(name) && printWidth === 80) continue;
      const options = { ...(configured ?? base), printWidth };
      const was = existsSync(join(before, file)) ? await isClean(before, file, options) : file.includes('/resource.');
      if (!was) continue;
      checked += 1;
      if (!(await isClean(after, file, options))) failures.push(`${name}: ${file} at width ${printWidth}`);
    }
  }
}

const apps = JSON.parse(readFileSync(join(here, 'work/apps.json')));
for (const { name, before, after } of apps) {
  // Without a configuration the layout is that of Amplify's own code.
  await check(name, join(here, before), join(here, after), { singleQuote: true });
}

const yaml = (options) => Object.entries(options).map(([key, value]) => `${key}: ${value}\n`).join('');
const configurations = {
  'prettier-defaults': ['.prettierrc', '{}'],
  'prettier-standard': ['.prettierrc.yaml', yaml({ semi: false, singleQuote: true, trailingComma: 'none', arrowParens: 'avoid' })],
  'prettier-tabs': ['.prettierrc.toml', 'useTabs = true\nbracketSpacing = false\n'],
  'prettier-four': ['.prettierrc.yml', yaml({ tabWidth: 4, trailingComma: 'es5' })],
  'prettier-json5': ['.prettierrc.json5', "{ semi: false, tabWidth: 4, arrowParens: 'avoid', }"],
  'prettier-editor': ['.editorconfig', '[*]\nindent_style = tab\n'],
};
const commands = [
  ['pre-sign-up'],
  ['pre-token-generation', '--event-version', 'V2_0'],
  ['inbound-federation'],
  ['post-confirmation', '--input', 'add-user-to-group=true'],
  ['custom-email-sender', '--input', 'decrypt=true', '--architecture', 'arm64'],
];
for (const [name, [file, text]] of Object.entries(configurations)) {
  const [before, after] = ['before', 'after'].map((state) => join(here, 'work', name, state));
  for (const folder of [before, after]) {
    cpSync(corpus, folder, { recursive: true });
    writeFileSync(join(folder, file), text);
    // What is there is laid out as configured.
    for (const source of files(folder)) {
      const path = join(folder, source);
      const options = await prettier.resolveConfig(path, { editorconfig: true, useCache: false });
      writeFileSync(path, await prettier.format(readFileSync(path, 'utf8'), { ...options, ...(name === 'prettier-editor' && { singleQuote: true }), filepath: path }));
    }
  }
  for (const command of commands) {
    execFileSync(process.env.CARGO_AMPLIFY, ['new', 'auth-trigger', ...command, '-q', '--path', after], { stdio: 'inherit' });
  }
  if (name === 'prettier-editor') {
    // Without a configuration of Prettier, quotes are those of Amplify's own code.
    for (const folder of [before, after]) writeFileSync(join(folder, '.prettierrc'), '{ "singleQuote": true }');
  }
  await check(name, before, after, {});
}

for (const failure of failures) console.error(`=== not as Prettier has it: ${failure}`);
console.log(`Prettier: ${checked} checks at widths ${widths.join(', ')}: ${failures.length} failures`);
process.exit(failures.length || checked < 500 ? 1 : 0);
