// The demo's configuration: the folder connector on both sides, everything inside one folder of the project.

export function demoConfig(): string {
  return `# Made by the demo; made anew at every start of it.
instance: demo
store: { url: "sqlite:./demo.db" }
masterKey: file:./demo.key
http: { port: 0 }
logLevel: warn
connections:
  hr: { connector: sivi-folder, party: employer, settings: { inbox: ./in, done: ./done, failed: ./failed, settleSeconds: 0 } }
  arbo: { connector: sivi-folder, party: arbodienst, settings: { outbox: ./out, release: "2026", sender: Verzuimbrug, receiver: ARBO-1, test: false } }
routes:
  - { name: absences, from: hr, to: arbo, schedule: "*/5 * * * * *" }
`;
}
