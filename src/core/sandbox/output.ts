import { KEPT_OUTPUT } from './verdict';

/** Collects what the code prints on one of its outputs: all bytes counted, the first characters kept. */
export class Output {
  bytes = 0;
  private kept = '';
  private dropped = 0;

  /** A listener for one source. Sources may be mixed, characters of several bytes are not torn. */
  source(): (chunk: Buffer) => void {
    const decoder = new TextDecoder();
    return (chunk) => {
      this.bytes += chunk.length;
      const text = decoder.decode(chunk, { stream: true });
      const room = KEPT_OUTPUT - this.kept.length;
      this.kept += text.slice(0, room);
      this.dropped += Math.max(0, text.length - room);
    };
  }

  /** The first {@link KEPT_OUTPUT} characters, with a marker that says how many more there were. */
  text(): string {
    return this.dropped === 0 ? this.kept : `${this.kept}\n[... ${this.dropped} more characters]`;
  }
}
