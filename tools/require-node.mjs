// Runs before anything in TypeScript is loaded: an old Node would only say that it does not know the
// file extension. On Linux `npm ci` brings a fitting Node along; elsewhere it has to be there.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Lockline's scripts need Node 22.18 or newer; this is ${process.version}.\n` +
      'On Linux, "npm ci" installs one beside the project: start the scripts with npm run.\n' +
      'Elsewhere, install Node 24 from https://nodejs.org and try again.',
  )
  process.exit(1)
}
