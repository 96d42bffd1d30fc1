/** A top-level statement of a module (with its decorators and body), or a run of comment lines at column 0. */
export interface Block {
  readonly from: number;
  /** Where the next block starts, or the end of the text. */
  readonly to: number;
  readonly comment: boolean;
}

const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;
const FORM_FEED = 12;
const HASH = 35;
const BACKSLASH = 92;
const SINGLE = 39;
const DOUBLE = 34;
const AT = 64;

/** Words that carry on the statement before them. */
const CLAUSES = /(?:else|elif|except|finally)\b/y;
/** Lines that can only start a statement; used to find back into code that has an open bracket or string. */
const FRESH_START = /(?:def |class |async def |@\w|import \w|from [\w.]+ import )/y;

/**
 * Cuts a module into its top-level blocks by one pass over its characters that knows strings, comments and brackets.
 * The parser then runs on the few blocks that matter, which keeps large documents fast, and code that is broken
 * further down harmless.
 * @param text LF lines
 */
export function pythonBlocks(text: string): Block[] {
  const scan = new Scan(text);
  if (scan.run(false)) return scan.blocks();
  const careful = new Scan(text);
  careful.run(true);
  return careful.blocks();
}

class Scan {
  private readonly starts: { from: number; comment: boolean }[] = [];
  /** A comment at column 0 belongs to the block before it if indented code follows, which only the next line tells. */
  private pendingComment: number | undefined;
  private afterDecorator = false;
  private depth = 0;

  constructor(private readonly text: string) {}

  blocks(): Block[] {
    return this.starts.map((start, i) => ({ ...start, to: this.starts[i + 1]?.from ?? this.text.length }));
  }

  /**
   * @param resync also cut an open string where a line starts a statement at column 0
   * @returns false when the text ends inside a long string: then everything after its opening quote is in doubt
   */
  run(resync: boolean): boolean {
    const { text } = this;
    let at = 0;
    let joined = false;
    while (at < text.length) {
      if (!joined) this.beginLine(at);
      joined = false;
      line: while (at < text.length) {
        const code = text.charCodeAt(at);
        switch (code) {
          case NEWLINE:
            at++;
            break line;
          case BACKSLASH:
            joined = text.charCodeAt(at + 1) === NEWLINE;
            at += 2;
            if (joined) break line;
            break;
          case HASH: {
            const end = text.indexOf('\n', at);
            at = end < 0 ? text.length : end;
            break;
          }
          case SINGLE:
          case DOUBLE: {
            const end = this.afterString(at, code, resync);
            if (end === undefined) return false;
            at = end;
            // A string that was cut ends at a line of its own.
            if (text.charCodeAt(at - 1) === NEWLINE) {
              this.depth = 0;
              break line;
            }
            break;
          }
          case 40:
          case 91:
          case 123:
            this.depth++;
            at++;
            break;
          case 41:
          case 93:
          case 125:
            if (this.depth > 0) this.depth--;
            at++;
            break;
          default:
            at++;
        }
      }
    }
    this.flushComment();
    return true;
  }

  private beginLine(at: number): void {
    const { text } = this;
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === FORM_FEED) return;
    if (code === SPACE || code === TAB) {
      let next = at + 1;
      while (text.charCodeAt(next) === SPACE || text.charCodeAt(next) === TAB) next++;
      const blank = next >= text.length || text.charCodeAt(next) === NEWLINE || text.charCodeAt(next) === HASH;
      if (!blank && this.starts.at(-1)?.comment === false) this.pendingComment = undefined;
      if (!blank) this.flushComment();
      // Indented text with no block before it is a block of its own: a broken document still has something to show.
      if (!blank && (this.starts.length === 0 || this.starts.at(-1)?.comment === true)) this.open(at, false);
      return;
    }
    if (this.depth > 0) {
      FRESH_START.lastIndex = at;
      if (!FRESH_START.test(text)) return;
      this.depth = 0;
    }
    if (code === HASH) {
      if (!this.afterDecorator) this.pendingComment ??= at;
      return;
    }
    CLAUSES.lastIndex = at;
    if (this.starts.at(-1)?.comment === false && CLAUSES.test(text)) {
      this.pendingComment = undefined;
      return;
    }
    this.flushComment();
    if (!this.afterDecorator) this.open(at, false);
    this.afterDecorator = code === AT;
  }

  private flushComment(): void {
    if (this.pendingComment !== undefined) this.open(this.pendingComment, true);
    this.pendingComment = undefined;
  }

  private open(from: number, comment: boolean): void {
    this.starts.push({ from, comment });
  }

  /** The offset after the string that opens at `at`; undefined when a long one never closes. */
  private afterString(at: number, quote: number, resync: boolean): number | undefined {
    const { text } = this;
    if (text.charCodeAt(at + 1) !== quote || text.charCodeAt(at + 2) !== quote) {
      for (let i = at + 1; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === BACKSLASH) i++;
        else if (code === quote) return i + 1;
        else if (code === NEWLINE) return i;
      }
      return text.length;
    }
    const long = text.slice(at, at + 3);
    let end = text.indexOf(long, at + 3);
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf(long, end + 1);
    if (end < 0 && !resync) return undefined;
    if (resync) {
      const limit = end < 0 ? text.length : end;
      for (let next = text.indexOf('\n', at); next >= 0 && next < limit; next = text.indexOf('\n', next + 1)) {
        FRESH_START.lastIndex = next + 1;
        if (FRESH_START.test(text)) return next + 1;
      }
    }
    return end < 0 ? text.length : end + 3;
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}
