/** What is known of one provider: where it is, how it wants to be asked, and what it tells about its bill. */
export interface ProviderPreset {
  readonly id: ProviderId;
  /** Its name, for people. */
  readonly name: string;
  /** Address of its API, without a slash at its end. */
  readonly baseUrl: string;
  /** `own`: a program of the user's, at this address of this machine unless they say otherwise. */
  readonly place: 'hosted' | 'own';
  /** Whether calls need a key; `optional` where it depends on how the server was started. */
  readonly key: 'required' | 'optional';
  /**
   * Environment variable that holds the key by the provider's own documentation. Servers on this machine have none: any
   * program may listen at their port.
   */
  readonly keyEnv?: string;
  /** Path below the base URL that tells whether a key is good, where the list of models is open to everybody. */
  readonly keyPath?: string;
  /** Whether its calls cost money. A server of one's own does not, but a gateway of one's own does. */
  readonly billed: boolean;
  readonly asked: RequestQuirks;
  readonly reported: BillQuirks;
  /** How it caches prompts. Everywhere the beginning of a prompt is what is found again. */
  readonly caching: 'automatic' | 'of the model behind it';
}

/** How a provider's requests differ from the common form. */
export interface RequestQuirks {
  /** Name of the bound of the completion. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
  /** Name of the seed of the sampling; undefined where the provider documents none. */
  readonly seed: 'seed' | 'random_seed' | undefined;
  /** Whether a stream tells its usage only where `stream_options` asks for it. */
  readonly usage: 'on request' | 'always';
  /** Whether `prompt_cache_key` leads calls with the same beginning to the same cache. */
  readonly cacheKey: boolean;
}

/** Where a provider says what a call came to, besides the counts that all of them give. */
export interface BillQuirks {
  /** Field of `usage` with the prompt tokens that were read from the cache; undefined where none is documented. */
  readonly cached: 'prompt_tokens_details.cached_tokens' | 'prompt_cache_hit_tokens' | undefined;
  /** Where the amount in USD is, where the provider tells it. */
  readonly cost: 'usage.cost' | 'x-litellm-response-cost' | undefined;
}

/** Ids of the providers that a set-up is known for. */
export const PROVIDER_IDS = [
  'openai',
  'deepseek',
  'openrouter',
  'groq',
  'mistral',
  'ollama',
  'lmstudio',
  'vllm',
  'litellm',
] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

/** How requests are written where nothing else is known: in the form that every compatible server takes. */
export const COMMON: RequestQuirks = { limit: 'max_tokens', seed: 'seed', usage: 'on request', cacheKey: false };

const CACHED = 'prompt_tokens_details.cached_tokens';

/**
 * OpenAI. `max_tokens` is deprecated for `max_completion_tokens`, which counts reasoning and is the only one that its
 * reasoning models take; `seed`, `stream_options.include_usage` and `prompt_cache_key` are of the same page:
 * https://platform.openai.com/docs/api-reference/chat/create. Prompts from 1024 tokens on are cached by their beginning:
 * https://platform.openai.com/docs/guides/prompt-caching.
 */
const OPENAI: ProviderPreset = {
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  place: 'hosted',
  key: 'required',
  keyEnv: 'OPENAI_API_KEY',
  billed: true,
  asked: { limit: 'max_completion_tokens', seed: 'seed', usage: 'on request', cacheKey: true },
  reported: { cached: CACHED, cost: undefined },
  caching: 'automatic',
};

/**
 * DeepSeek: https://api-docs.deepseek.com/ for address and key, /api/create-chat-completion for `max_tokens` and
 * `stream_options` (no seed is listed), /guides/kv_cache for the cache on disk and `prompt_cache_hit_tokens`.
 */
const DEEPSEEK: ProviderPreset = {
  id: 'deepseek',
  name: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com',
  place: 'hosted',
  key: 'required',
  keyEnv: 'DEEPSEEK_API_KEY',
  billed: true,
  asked: { ...COMMON, seed: undefined },
  reported: { cached: 'prompt_cache_hit_tokens', cost: undefined },
  caching: 'automatic',
};

/**
 * OpenRouter: usage and its cost in credits of one USD come with every answer, and `stream_options` has no effect:
 * https://openrouter.ai/docs/use-cases/usage-accounting. The list of models is open to everybody, so a key is tried with
 * `GET /key`: https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key. Caching:
 * https://openrouter.ai/docs/features/prompt-caching.
 */
const OPENROUTER: ProviderPreset = {
  id: 'openrouter',
  name: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  place: 'hosted',
  key: 'required',
  keyEnv: 'OPENROUTER_API_KEY',
  keyPath: '/key',
  billed: true,
  asked: { ...COMMON, usage: 'always' },
  reported: { cached: CACHED, cost: 'usage.cost' },
  caching: 'of the model behind it',
};

/**
 * Groq: https://console.groq.com/docs/openai for address and key (a temperature of 0 is taken as 1e-8), and
 * https://console.groq.com/docs/api-reference for `max_completion_tokens`, which took the place of `max_tokens`, `seed`
 * and `stream_options`. Caching: https://console.groq.com/docs/prompt-caching.
 */
const GROQ: ProviderPreset = {
  id: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  place: 'hosted',
  key: 'required',
  keyEnv: 'GROQ_API_KEY',
  billed: true,
  asked: { ...COMMON, limit: 'max_completion_tokens' },
  reported: { cached: CACHED, cost: undefined },
  caching: 'automatic',
};

/**
 * Mistral: https://docs.mistral.ai/api/ has `max_tokens` and `random_seed`, and `usage` in the last part of every stream.
 * `prompt_cache_key`: https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching.
 */
const MISTRAL: ProviderPreset = {
  id: 'mistral',
  name: 'Mistral',
  baseUrl: 'https://api.mistral.ai/v1',
  place: 'hosted',
  key: 'required',
  keyEnv: 'MISTRAL_API_KEY',
  billed: true,
  asked: { limit: 'max_tokens', seed: 'random_seed', usage: 'always', cacheKey: true },
  reported: { cached: CACHED, cost: undefined },
  caching: 'automatic',
};

/**
 * Ollama: https://docs.ollama.com/api/openai-compatibility lists `max_tokens`, `seed` and `stream_options`, and says that
 * a key is ignored.
 */
const OLLAMA: ProviderPreset = {
  id: 'ollama',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  place: 'own',
  key: 'optional',
  billed: false,
  asked: COMMON,
  reported: { cached: undefined, cost: undefined },
  caching: 'automatic',
};

/** LM Studio: https://lmstudio.ai/docs/developer/openai-compat; a key only where authentication was switched on. */
const LM_STUDIO: ProviderPreset = {
  id: 'lmstudio',
  name: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  place: 'own',
  key: 'optional',
  billed: false,
  asked: COMMON,
  reported: { cached: undefined, cost: undefined },
  caching: 'automatic',
};

/**
 * vLLM: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html for the address, `--api-key`, `seed` and
 * `stream_options`; https://docs.vllm.ai/en/latest/features/automatic_prefix_caching.html.
 */
const VLLM: ProviderPreset = {
  id: 'vllm',
  name: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  place: 'own',
  key: 'optional',
  billed: false,
  asked: COMMON,
  reported: { cached: CACHED, cost: undefined },
  caching: 'automatic',
};

/**
 * LiteLLM's proxy: https://docs.litellm.ai/docs/simple_proxy for the address, and
 * https://docs.litellm.ai/docs/proxy/response_headers for the cost of a call in a header. What it passes on is billed by
 * others.
 */
const LITELLM: ProviderPreset = {
  id: 'litellm',
  name: 'LiteLLM',
  baseUrl: 'http://127.0.0.1:4000/v1',
  place: 'own',
  key: 'optional',
  billed: true,
  asked: COMMON,
  reported: { cached: CACHED, cost: 'x-litellm-response-cost' },
  caching: 'of the model behind it',
};

/** All providers that a set-up is known for: the hosted ones first. */
export const PRESETS: readonly ProviderPreset[] = [
  ...[OPENAI, DEEPSEEK, OPENROUTER, GROQ, MISTRAL],
  ...[OLLAMA, LM_STUDIO, VLLM, LITELLM],
];

/**
 * The preset of the provider at an address, told by scheme, host and port; undefined where it is none of these. A server
 * of one's own is known at its usual port of this machine only.
 */
export function presetAt(baseUrl: string): ProviderPreset | undefined {
  const origin = originOf(baseUrl);
  return origin === undefined ? undefined : PRESETS.find((preset) => originOf(preset.baseUrl) === origin);
}

function originOf(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const url = new URL(baseUrl);
  if (url.hostname === 'localhost' || url.hostname === '[::1]') url.hostname = '127.0.0.1';
  return url.origin;
}
