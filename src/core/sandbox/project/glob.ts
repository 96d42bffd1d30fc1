/**
 * Matches paths against patterns as users write them in settings: `*` within a name, `**` over folders, `?` for one
 * character. A pattern without `/` matches a name anywhere; a pattern that matches a folder matches all in it.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => pattern.trim().replace(/^\.?\/|\/+$/g, '')).filter((one) => one !== '');
  if (expressions.length === 0) return () => false;
  const sources = expressions.map((one) => (one.includes('/') ? translate(one) : `(?:.*/)?${translate(one)}`));
  const matcher = new RegExp(`^(?:${sources.join('|')})(?:/.*)?$`, 's');
  return (path) => matcher.test(path);
}

function translate(pattern: string): string {
  return pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      return part === '?' ? '[^/]' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
}
