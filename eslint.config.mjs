import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The layers of src, lowest first: a file may import from its own layer and from those before it. */
const CORE_LAYERS = [
  ['task', 'catalogue', 'money'],
  ['budget', 'providers', 'sandbox', 'provisioning', 'policy'],
  ['agents'],
  ['topologies'],
  ['planning'],
];

/** The meter calls providers; everybody else gets metered models. */
const KNOWS_PROVIDERS = ['budget', 'providers'];

const above = (level) => CORE_LAYERS.slice(level + 1).flat();

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'media/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/vscode/**', 'src/extension.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'vscode', message: 'Only src/extension.ts and src/vscode may know the editor.' }],
          patterns: [
            {
              group: ['**/vscode/*', '**/extension'],
              message: 'Arrows point from the editor to the core, never back.',
            },
          ],
        },
      ],
    },
  },
  ...CORE_LAYERS.flatMap((names, level) =>
    names.map((name) => ({
      files: [`src/core/${name}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: [{ name: 'vscode', message: 'Only src/extension.ts and src/vscode may know the editor.' }],
            patterns: [
              {
                group: ['**/vscode/*', '**/solve', '**/cli/**', '**/demo/**'],
                message: 'Arrows point down: the core knows neither its callers nor the pipeline.',
              },
              ...(KNOWS_PROVIDERS.includes(name)
                ? []
                : [
                    {
                      group: ['**/providers/*', '!**/providers/message'],
                      message: 'Models are reached through the meter only.',
                    },
                  ]),
              ...above(level).map((upper) => ({ group: [`**/${upper}/*`], message: `${name} lies below ${upper}.` })),
            ],
          },
        ],
      },
    })),
  ),
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      'no-console': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly', setTimeout: 'readonly' },
    },
    rules: { 'no-console': 'off' },
  },
  {
    // The harness of scripts runs as it stands, on every Node.js from 18 on.
    files: ['src/core/sandbox/harness/script-*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { globalThis: 'readonly', performance: 'readonly' } },
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      // It keeps the global objects that it started with, whatever the code makes of their names.
      'no-redeclare': ['error', { builtinGlobals: false }],
    },
  },
);
