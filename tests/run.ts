import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `npm test` runs: types, lint, then every test file. The last line is `N passed, N failed`. */
const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)

type Count = { passed: number; failed: number }

function run(title: string, command: string, ...args: string[]): boolean {
  console.log(`\n— ${title}`)
  const { status, error } = spawnSync(bin(command), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) console.error(error.message)
  return status === 0
}

const one = (ok: boolean): Count => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })

function types(): Count {
  const own = run('types', 'tsc', '--noEmit')
  const dashboard =
    !existsSync(join(root, 'dashboard/tsconfig.json')) || run('types: dashboard', 'tsc', '--noEmit', '-p', 'dashboard')
  return one(own && dashboard)
}

const lint = (): Count => one(run('lint', 'biome', 'check', '--config-path=.biome.json', '.'))

function tests(only: string[]): Count {
  const folder = mkdtempSync(join(tmpdir(), 'doors-report-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ok = run('tests', 'vitest', 'run', '--config', 'tests/vitest.config.ts', ...reporters, ...only)
  const count = existsSync(report) ? counted(readFileSync(report, 'utf8')) : { passed: 0, failed: 0 }
  rmSync(folder, { recursive: true, force: true })
  // a run that failed without a failed test (a file that does not load, an unhandled rejection) is a failure too
  return !ok && count.failed === 0 ? { ...count, failed: 1 } : count
}

function counted(json: string): Count {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = JSON.parse(json)
  const broken = testResults.filter(
    (file: { status: string; assertionResults: unknown[] }) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

const counts = [types(), lint(), tests(process.argv.slice(2))]
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)
