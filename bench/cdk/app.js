// The resources of a template, one construct each, as a CDK app would hold them.
const { readFileSync } = require('node:fs');
const { App, CfnResource, LegacyStackSynthesizer, Stack } = require('aws-cdk-lib');

const app = new App({ analyticsReporting: false });
// The legacy synthesizer sends a small template inline, so that it can be deployed without a bootstrapped account.
const stack = new Stack(app, 'Bench', { synthesizer: new LegacyStackSynthesizer() });
const template = JSON.parse(readFileSync(process.env.BENCH_TEMPLATE, 'utf8'));
for (const [id, resource] of Object.entries(template.Resources)) {
  const made = new CfnResource(stack, id, { type: resource.Type, properties: resource.Properties });
  if (resource.DependsOn) made.addOverride('DependsOn', resource.DependsOn);
}
app.synth();
