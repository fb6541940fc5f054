// The peer: plainjob, with so many workers in one process, each of which POSTs
// a job's data over a connection that is kept, as the relay does.
//
//	node plainjob.mjs PACKAGES FILE URL JOBS WORKERS SYNCHRONOUS
//
// Prints the jobs a second, from the first worker's start to the last result.
// A job is done as soon as its answer is 200; plainjob keeps no attempts.
import { createRequire } from 'node:module';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [packages, file, url, jobs, workers, synchronous] = process.argv.slice(2);
const require = createRequire(path.join(packages, 'package.json'));
const Database = require('better-sqlite3');
const { better, defineQueue, defineWorker, JobStatus } = await import(
	pathToFileURL(path.join(packages,
		'node_modules/plainjob/dist/plainjob.js')));

const quiet = { debug() {}, info() {}, warn() {}, error: console.error };
const connection = better(new Database(file));
const queue = defineQueue({ connection, logger: quiet });
queue.addMany('notify', Array.from({ length: Number(jobs) }, (_, n) => ({
	type: 'sendCustomerAssignNotify',
	notificationData: {
		assignedToId: `user-${n}`, customerName: '张三',
		source: '手动分配', assignerName: '李四',
		customerId: '66f2a1c0e4b0a1d2c3b4a601',
		assignTime: '2025-12-24T10:30:00.000Z',
	},
})));
connection.pragma('wal_checkpoint(TRUNCATE)');
// After defineQueue, which sets it to NORMAL.
connection.pragma(`synchronous = ${synchronous}`);

const agent = new http.Agent({ keepAlive: true, maxSockets: Number(workers) });
const post = (body) => new Promise((resolve, reject) => {
	const request = http.request(url, {
		agent, method: 'POST',
		headers: {
			'Content-Type': 'application/json',
			'Content-Length': Buffer.byteLength(body),
		},
	}, (response) => {
		let text = '';
		response.on('data', (piece) => { text += piece; });
		response.on('end', () => {
			if (response.statusCode === 200 &&
					JSON.parse(text).errcode === 0)
				resolve();
			else
				reject(new Error(`answered ${text}`));
		});
	});
	request.on('error', reject);
	request.end(body);
});

let left = Number(jobs);
let finished;
const all = new Promise((resolve) => { finished = resolve; });
const begun = process.hrtime.bigint();
const running = Array.from({ length: Number(workers) }, () => {
	const worker = defineWorker('notify', (job) => post(job.data), {
		queue, logger: quiet, pollIntervall: 10,
		onCompleted() { if (--left === 0) finished(); },
	});
	worker.start();
	return worker;
});
await all;
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
await Promise.all(running.map((worker) => worker.stop()));
if (queue.countJobs({ status: JobStatus.Done }) !== Number(jobs))
	throw new Error('not all jobs are done');
console.log((Number(jobs) / seconds).toFixed(1));
process.exit(0);
