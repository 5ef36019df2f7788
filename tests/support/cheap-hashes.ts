import { hashCost } from '../../server/domain/secret-hash.ts'

// A guess costs a fifth of a second by design, and a run makes thousands of them. A server in a process of its own has the
// real cost: start/setup-link looks at what it writes.
Object.assign(hashCost, { N: 16, p: 1 })
