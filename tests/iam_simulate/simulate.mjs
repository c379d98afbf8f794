// JSON on stdin -> JSON on stdout: every request evaluated by @cloud-copilot/iam-simulate, in one process.
//
// In:  {"policies": {holder: [document, ...]},
//       "requests": [{"holder", "principal", "account", "action", "resource", "context", "resource_policy"},
//                   ...]}
// Out: [{"allowed": bool, "ignored": [context keys that the action does not know]} or {"error": text}, ...]
//
// The working directory is where `npm ci` put the package.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { runSimulation } = createRequire(`${process.cwd()}/`)('@cloud-copilot/iam-simulate')
const { policies, requests } = JSON.parse(readFileSync(0, 'utf8'))

async function decide({ holder, principal, account, action, resource, context, resource_policy }) {
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: policies[holder].map((policy, number) => ({ name: `policy-${number}`, policy })),
      resourcePolicy: resource_policy ?? undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: []
    },
    { simulationMode: 'Strict' }
  )
  if (answer.resultType === 'error') return { error: JSON.stringify(answer.errors) }
  const allowed = answer.overallResult === 'Allowed'
  if (answer.resultType === 'single') return { allowed, ignored: answer.result.ignoredContextKeys ?? [] }
  // An action that may, but need not, be about a resource: one result for each pattern that the policies name.
  if (resource === '*') return { allowed, ignored: [] }
  return { error: `${resource} is a pattern, no resource` }
}

const decisions = []
for (const request of requests) decisions.push(await decide(request))
process.stdout.write(JSON.stringify(decisions))
