// The CRM's side in Node: inserts COUNT rows, each in a transaction of its own,
// as a server does that handles one request after the other.
//
//	node tests/node/insert.js FILE COUNT PREFIX
//
// Row n has the dedup_key PREFIX-n; rows that are there already are left alone.
// Prints how many were inserted, and what a malformed row is refused with.
'use strict';

const path = require('path');
const Database = require(path.resolve(__dirname,
	'../../build/node/node_modules/better-sqlite3'));

const [file, count, prefix] = process.argv.slice(2);
if (!prefix) {
	console.error('usage: insert.js FILE COUNT PREFIX');
	process.exit(2);
}

// The CRM's settings. The file must be there: outbox-relay init makes it.
const db = new Database(file, { fileMustExist: true, timeout: 5000 });
db.pragma('journal_mode = WAL');
db.pragma('wal_autocheckpoint = 0');

const insert = db.prepare(`
	INSERT INTO outbox (type, payload, dedup_key)
	VALUES ('sendCustomerAssignNotify', ?, ?)
	ON CONFLICT (dedup_key) DO NOTHING`);

function payload(n) {
	return JSON.stringify({
		assignedToId: `load-${prefix}-${n}`,
		customerName: `客户${n}`,
		source: '手动分配',
		assignerName: '张经理',
		customerId: String(n),
		assignTime: new Date().toISOString(),
	});
}

let inserted = 0;
const insertOne = db.transaction((n) => {
	inserted += insert.run(payload(n), `${prefix}-${n}`).changes;
});
for (let n = 1; n <= Number(count); n++)
	insertOne.immediate(n);
console.log(`inserted ${inserted}`);

// OR IGNORE passes over a failed CHECK in silence, but not over this.
try {
	db.prepare(`INSERT OR IGNORE INTO outbox (type, payload)
		VALUES ('sendCustomerAssignNotify', ?)`).run('[]');
	console.log('accepted a malformed row');
	process.exitCode = 1;
} catch (error) {
	console.log(`refused ${error.code}: ${error.message}`);
}
db.close();
