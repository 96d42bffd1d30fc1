import type { RunEvent } from '../../core/events';
import { comparedText, evidenceEndText, repeatedText } from '../../report/evidenceText';
import { raisedText, violationTexts, warningText } from '../../report/moneyText';
import { duration, oneLine } from '../../report/text';
import { exact } from './money';
import type { Paint } from './paint';
import { planLines } from './planLines';
import { verdictLines } from './verdictLines';
import { wrapped } from './wrap';

/** The lines that one event of a run adds, for `solve`. The result is not among them: it is printed at the end. */
export function eventLines(event: RunEvent, width: number, paint: Paint): string[] {
  switch (event.type) {
    case 'planned':
      return [...planLines(event.plan, width, paint), ''];
    case 'settled': {
      const { call, role, model, promptTokens, completionTokens, cost, unconfirmed, problem } = event;
      const billed = unconfirmed === 0n ? exact(cost) : paint.yellow(`${exact(cost)} unconfirmed`);
      const tokens = `${promptTokens} tokens in, ${completionTokens} out`;
      const head = `${paint.cyan('→')} ${call}  ${paint.bold(oneLine(model, 40))} as ${role}: ${tokens}, ${billed}`;
      const remarks = [...(problem === undefined ? [] : [problem]), ...violationTexts(event, undefined)];
      return [head, ...remarks.flatMap((text) => warning(text, width, paint))];
    }
    case 'verdict':
      return verdictLines(event.verdict, width, paint, '     ');
    case 'denied':
      return warning(`Not admitted: ${event.denial.message}`, width, paint);
    case 'waiting':
      return warning(`Waiting ${duration(event.ms)}: ${event.why}`, width, paint);
    case 'warning':
      return warning(warningText(event.warning), width, paint);
    case 'raised':
      return ['', `${paint.cyan('▲')} ${raisedText(event.from, event.to)}`];
    case 'repeated':
      return wrapped(repeatedText(event), width - 5).map((line) => `     ${paint.dim(line)}`);
    case 'compared':
      return wrapped(oneLine(comparedText(event), 300), width - 5).map((line) => `     ${paint.dim(line)}`);
    case 'evidence':
      return wrapped(evidenceEndText(event.end), width - 5).map((line) => `     ${paint.dim(line)}`);
    case 'reserved':
    case 'exhausted':
    case 'testing':
    case 'arriving':
    case 'finished':
      return [];
  }
}

function warning(text: string, width: number, paint: Paint): string[] {
  return wrapped(oneLine(text, 800), width - 5).map((line) => `     ${paint.yellow(line)}`);
}
