// `privacy-report`: per route, field by field, what goes over, what never does, by which rule and source.
import { compose } from '../compose.js';
import type { LoadedConfig } from '../config/load.js';
import { CodedError } from '../errors.js';
import { createWorld } from '../main.js';
import { privacyReport, renderMarkdown } from '../privacy/report.js';
import { didYouMean } from '../suggest.js';
import { EXIT, type Io, printJson } from './io.js';

export interface ReportOptions {
  readonly route?: string;
  readonly format?: string;
}

export async function reportPrivacy(loaded: LoadedConfig, options: ReportOptions, io: Io): Promise<number> {
  const { routes } = compose(loaded, createWorld(loaded));
  const chosen = [...routes.values()].filter((route) => !options.route || route.name === options.route);
  if (chosen.length === 0) {
    const detail = `No route is called ${options.route}.${didYouMean(options.route ?? '', [...routes.keys()])}`;
    throw new CodedError('NOT_FOUND', [], { detail });
  }
  const reports = chosen.map((route) => privacyReport(route));
  if (options.format === 'json') printJson(io, reports);
  else io.out(reports.map(renderMarkdown).join('\n'));
  return EXIT.ok;
}
