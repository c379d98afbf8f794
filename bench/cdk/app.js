// The resources of a template, one construct each, as a CDK app would hold them.
const { readFileSync } = require('node:fs');
const { App, CfnResource, Stack } = require('aws-cdk-lib');

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Bench');
const template = JSON.parse(readFileSync(process.env.BENCH_TEMPLATE, 'utf8'));
for (const [id, resource] of Object.entries(template.Resources)) {
  new CfnResource(stack, id, { type: resource.Type, properties: resource.Properties });
}
app.synth();
