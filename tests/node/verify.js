// A webhook's receiver in Node: verifies every call that the simulator has
// received at /hook/NAME with the public library of Standard Webhooks.
//
//	node tests/node/verify.js JOURNAL NAME SECRET
//
// Prints "verified ID BODY" or "refused ID: why" for each. A secret that does
// not begin with whsec_ is the key itself.
'use strict';

const fs = require('fs');
const path = require('path');
const { Webhook } = require(path.resolve(__dirname,
	'../../build/node/node_modules/standardwebhooks'));

const [journal, name, secret] = process.argv.slice(2);
if (!secret) {
	console.error('usage: verify.js JOURNAL NAME SECRET');
	process.exit(2);
}

const isPlain = !secret.startsWith('whsec_');
const webhook = new Webhook(secret, isPlain ? { format: 'raw' } : {});

for (const line of fs.readFileSync(journal, 'utf8').trim().split('\n')) {
	const call = JSON.parse(line);
	if (call.path !== `/hook/${name}`)
		continue;
	try {
		webhook.verify(call.body, call);
		console.log(`verified ${call['webhook-id']} ${call.body}`);
	} catch (error) {
		console.log(`refused ${call['webhook-id']}: ${error.message}`);
	}
}
