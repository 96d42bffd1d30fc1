import type { Learned } from '../core/budget/learned';
import type { Section, Table } from './sheet';
import { counted, grouped } from './text';

/** What was learned of a model that ignores its limit; undefined of one that keeps it. */
export function flagText(model: string, { overruns, longest }: Learned): string | undefined {
  if (overruns === 0) return undefined;
  return (
    `${model} ignored its limit in ${counted(overruns, 'call')}, the longest answer had ${grouped(longest)} tokens: ` +
    'its calls are reserved at the longest answer that it can give.'
  );
}

/** The models that ignore their limits, a sentence each. */
export function flaggedSection(models: ReadonlyMap<string, Learned>, forget: string): Section[] {
  const texts = byName(models).flatMap(([model, learned]) => flagText(model, learned) ?? []);
  if (texts.length === 0) return [];
  return [
    {
      title: 'Models that ignore their limit',
      lines: [...texts.map((text) => ({ text, tone: 'warning' as const })), { text: forget, tone: 'aside' }],
    },
  ];
}

/** What the reports of providers taught about prompts: the bounds of further calls are made from it. */
export function learnedSection(models: ReadonlyMap<string, Learned>): Section[] {
  const rows = byName(models)
    .filter(([, { reports }]) => reports > 0)
    .map(([model, { reports, factor, extra }]): Table['rows'][number] => [
      model,
      reports,
      factor === 0 ? undefined : `× ${Number(factor.toFixed(3))}`,
      extra === 0 ? undefined : grouped(extra),
    ]);
  if (rows.length === 0) return [];
  return [
    {
      title: 'Learned of prompts',
      table: {
        columns: [
          { title: 'learned of', kind: 'text', least: 12 },
          { title: 'reports', kind: 'count' },
          { title: 'its count by ours', kind: 'text', optional: true },
          { title: 'tokens added to a prompt', kind: 'text', rank: 1, optional: true },
        ],
        rows,
      },
    },
  ];
}

function byName(models: ReadonlyMap<string, Learned>): (readonly [string, Learned])[] {
  return [...models].sort(([a], [b]) => (a < b ? -1 : 1));
}
