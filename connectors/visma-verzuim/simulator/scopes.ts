// Which scope a call needs. The description shows two names, `absencecourse` and `employee`, and the form `<name>-<verb>`;
// the verbs for changing and deleting, and the name `employment`, are guesses. Calls without a known name need no scope.
const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  ['/absence-course', 'absencecourse'],
  ['/employee', 'employee'],
  ['/employment', 'employment'],
];
const VERBS: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PATCH: 'update',
  DELETE: 'delete',
};

export function scopeOf(method: string, path: string): string | null {
  const name = NAMES.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
  const verb = VERBS[method];
  return name !== undefined && verb !== undefined ? `${name}-${verb}` : null;
}
