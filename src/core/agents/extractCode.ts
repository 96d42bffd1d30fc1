import type { Task } from '../task/task';

/** A fenced block of an answer; the last one may be cut off before its closing fence. */
interface Block {
  readonly code: string;
}

/**
 * The code in a model's answer, or undefined where there is none. Takes fences, prose around them, several blocks, no
 * fences at all, a cut-off last block, and an answer that only continues the stub; prefers what defines the entry point.
 */
export function extractCode(answer: string, task: Task): string | undefined {
  const text = answer.replaceAll('\r\n', '\n');
  const blocks = fencedBlocks(text);
  if (blocks.length === 0) {
    const bare = bareCode(text, task);
    return bare === undefined ? undefined : completed(bare, task);
  }
  const defining = blocks.filter(({ code }) => defines(code, task));
  // The last of several definitions is the corrected one.
  const chosen = defining.at(-1) ?? [...blocks].sort((a, b) => b.code.length - a.code.length)[0];
  if (chosen === undefined || chosen.code.trim() === '') return undefined;
  return completed(chosen.code, task);
}

function fencedBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const fence = /^[ \t]*(```+|~~~+)[^\n]*\n/gm;
  for (let open = fence.exec(text); open !== null; open = fence.exec(text)) {
    const mark = open[1] ?? '```';
    const from = open.index + open[0].length;
    const close = new RegExp(`^[ \\t]*${mark}[ \\t]*$`, 'm').exec(text.slice(from));
    const to = close === null ? text.length : from + close.index;
    blocks.push({ code: text.slice(from, to).replace(/\s+$/, '') });
    if (close === null) break;
    fence.lastIndex = to + close[0].length;
  }
  return blocks.filter(({ code }) => code.trim() !== '');
}

/** An answer without fences: from its first line of code to its last. */
function bareCode(text: string, task: Task): string | undefined {
  const lines = text.replace(/^\n+/, '').replace(/\s+$/, '').split('\n');
  const first = lines.findIndex((line) => isCodeStart(line, task.language));
  if (first === -1) return undefined;
  const last = lines.findLastIndex((line, index) => index >= first && !isProse(line, task.language));
  return lines.slice(first, last + 1).join('\n');
}

const STARTS: Readonly<Record<Task['language'], RegExp>> = {
  python:
    /^\s*(?:(?:def|class|async def|import|from|return|if|for|while|with|try|assert|raise|yield)\b|@|[A-Za-z_]\w*\s*(?::\s*[\w[\], .]+)?=[^=])/,
  javascript: /^\s*(export|function|async|class|const|let|var|import|return|if|for|while|try|module\.exports)\b/,
  typescript: /^\s*(export|function|async|class|const|let|var|import|return|if|for|while|try|type|interface|enum)\b/,
};

function isCodeStart(line: string, language: Task['language']): boolean {
  return STARTS[language].test(line) && !isProse(line, language);
}

/** A line of several words at the margin, without code's punctuation, that begins or ends as a sentence does. */
function isProse(line: string, language: Task['language']): boolean {
  if (line.trim() === '') return true;
  if (language === 'python' && /^[#@]/.test(line)) return false;
  const words = /^\S+(?: \S+){2,}$/.test(line.trimEnd()) && /^\S/.test(line);
  return (
    words && !/[=()[\]{}]/.test(line.replace(/\(\w+\)/g, '')) && (/^["'*-]?[A-Z]/.test(line) || /[.!?]$/.test(line))
  );
}

function defines(code: string, { entryPoint, language }: Task): boolean {
  if (entryPoint === undefined) return true;
  const name = entryPoint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern =
    language === 'python'
      ? `^[ \\t]*(?:async[ \\t]+)?(?:def|class)[ \\t]+${name}\\b|^${name}[ \\t]*(?::[^=\\n]+)?=`
      : `(?:function\\*?|class|const|let|var)[ \\t]+${name}\\b`;
  return new RegExp(pattern, 'm').test(code);
}

/** Puts a stub before an answer that only continues it. */
function completed(code: string, task: Task): string {
  const trimmed = code.replace(/^\n+/, '').replace(/\s+$/, '');
  if (task.language !== 'python' || defines(trimmed, task) || !isStub(task)) return `${trimmed}\n`;
  const indented = /^[ \t]/.test(trimmed);
  // A definition at the margin is a whole program under another name, not a body.
  if (!indented && /^(?:def|class|async def)\b/m.test(trimmed)) return `${trimmed}\n`;
  const body = indented ? trimmed : trimmed.replace(/^(?=.)/gm, '    ');
  return `${task.prompt.replace(/\s+$/, '')}\n${body}\n`;
}

/** Whether the prompt ends in the open body of the entry point, so that indented lines continue it. */
function isStub(task: Task): boolean {
  return task.entryPoint !== undefined && defines(task.prompt, task);
}
