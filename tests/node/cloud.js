/*
 * WeChat with a real cloud function behind it: the token and invoke calls over
 * HTTP, and for the function's own wx-server-sdk a cloud database in memory and
 * subscribeMessage.send. Reads users and what is to go wrong from its scene.
 *
 *	cloud.js FUNCTION-FOLDER SCENE.json
 *
 * Says "listening on http://..." and then, a line of JSON each, the events, and
 * the messages that would have reached a phone.
 *
 * scene: { users: [{_id, openid, code, delayMs}], source, collections, fixed,
 *          sent: [{_id, sentAt}], templates: [{priTmplId, title, content}] }
 *   code: what subscribeMessage.send answers for that openid, or a list of it, one
 *   a call, the last one for the rest; below 0 it is the system's. source: SOURCE
 *   of the call. collections: those that there are; fixed: nobody can make one.
 *   sent: what was recorded before.
 */
const http = require('node:http');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');

const [folder, sceneFile] = process.argv.slice(2);
const scene = JSON.parse(fs.readFileSync(sceneFile, 'utf8'));
const modules = createRequire(path.join(process.env.NODE_PATH, 'x.js'));
const protobuf = modules('protobufjs/minimal');
const collections = new Map((scene.collections || ['users'])
	.map((name) => [name, new Map()]));
for (const user of scene.users)
	collections.get('users').set(user._id, user);
if (scene.sent)
	collections.set('notifications_sent',
		new Map(scene.sent.map((doc) => [doc._id, doc])));

const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

/* --- The cloud database: the few forms of EJSON that a function uses. ---- */

const number = (value) => value && typeof value === 'object'
	? Number(value.$numberInt ?? value.$numberLong ?? value.$numberDouble
		?? value.$date?.$numberLong)
	: value;

function matches(doc, query) {
	return Object.entries(query).every(([field, want]) => {
		if (field === '$or')
			return want.some((one) => matches(doc, one));
		if (want && want.$gt !== undefined)
			return doc[field] > number(want.$gt);
		if (want && want.$lt !== undefined)
			return doc[field] < number(want.$lt);
		if (want && want.$in !== undefined)
			return want.$in.includes(doc[field]);
		return doc[field] === number(want);
	});
}

const noCollection = (name) => ({ code: 'DATABASE_COLLECTION_NOT_EXIST',
	message: `collection ${name} not exists`, requestId: 'r' });

function database(request) {
	const name = request.collectionName;
	if (request.action === 'database.addCollection') {
		if (scene.fixed)
			return { code: 'DATABASE_REQUEST_FAILED', requestId: 'r',
				message: 'Table exist' };
		collections.set(name, new Map());
		return { requestId: 'r', data: {} };
	}
	const docs = collections.get(name);
	if (!docs)
		return noCollection(name);
	const query = JSON.parse(request.query);
	const found = [...docs.values()].filter((doc) => matches(doc, query));
	switch (request.action) {
	case 'database.getDocument':
		return { requestId: 'r',
			data: { list: found.map((doc) => JSON.stringify(doc)) } };
	case 'database.modifyDocument': {
		const given = JSON.parse(request.data);
		const doc = { _id: query._id };
		for (const field of Object.keys(given))
			doc[field] = number(given[field]);
		docs.set(doc._id, doc);
		say({ recorded: name, id: doc._id });
		return { requestId: 'r', data: { updated: 1 } };
	}
	case 'database.removeDocument':
		found.forEach((doc) => docs.delete(doc._id));
		return { requestId: 'r', data: { deleted: found.length } };
	default:
		return { code: 'INVALID_PARAM', message: request.action,
			requestId: 'r' };
	}
}

/* --- subscribeMessage.send, multipart and protobuf ----------------------- */

function part(body, name) {
	const start = body.indexOf('\r\n\r\n', body.indexOf(`name="${name}"`)) + 4;
	return body.subarray(start, body.indexOf('\r\n--', start));
}

/* The byte fields of a protobuf message, in their order. */
function fields(bytes) {
	const out = [];
	const reader = protobuf.Reader.create(bytes);
	while (reader.pos < reader.len) {
		const type = reader.uint32() & 7;
		if (type === 2)
			out.push(reader.bytes());
		else
			reader.skipType(type);
	}
	return out;
}

/* A kind, and a list of pairs: of a key and a value in JSON. */
function parameters(bytes) {
	const text = (one) => Buffer.from(one).toString('utf8');
	return Object.fromEntries(fields(fields(bytes)[0]).map((pair) => {
		const [key, value] = fields(pair).map(text);
		return [key, JSON.parse(value)];
	}));
}

function answer(code, says) {
	const body = Buffer.from(JSON.stringify({ errcode: Math.max(code, 0),
		errmsg: says }));
	const out = protobuf.Writer.create().uint32(10).bytes(body)
		.uint32(18).string('application/json');
	if (code < 0)
		out.uint32(24).int32(code);
	return out.finish();
}

const WORDS = { 0: 'ok', 43101: 'user refuse to accept the msg rid: 66f0a1-2b' };

async function send(body) {
	const message = parameters(part(body, 'requestData'));
	const user = scene.users.find((one) =>
		[one.openid, one._openid].includes(message.touser));
	const codes = [user ? user.code || 0 : 40003].flat();
	if (codes.length > 1)
		user.code = codes.slice(1);
	const [code] = codes;
	await sleep(user && user.delayMs ? user.delayMs : 0);
	if (code === 0)
		say({ message });
	return answer(code, WORDS[code] || 'refused');
}

/* --- The account's templates, of which one fits settings.js. ------------- */

const TEMPLATE = { priTmplId: 'TM-assigned', title: '客户分配通知',
	content: '客户姓名:{{thing1.DATA}}\n分配原因:{{thing2.DATA}}\n'
		+ '分配人:{{name3.DATA}}\n分配时间:{{time4.DATA}}\n', type: 2 };

/* --- HTTP ---------------------------------------------------------------- */

let main;
async function invoke(event) {
	say({ event });
	try {
		const value = await main({ ...event, userInfo: { appId: 'wx' } });
		return { errcode: 0, errmsg: 'ok',
			resp_data: JSON.stringify(value) };
	} catch (error) {
		return { errcode: -504002, errmsg: `Error: ${error.message}` };
	}
}

async function respond(request, body) {
	const { pathname } = new URL(request.url, 'http://localhost');
	if (pathname === '/') /* whether it is there at all */
		return {};
	if (pathname === '/wxaapi/newtmpl/gettemplate')
		return { errcode: 0, errmsg: 'ok',
			data: scene.templates || [TEMPLATE] };
	if (pathname.startsWith('/cgi-bin/'))
		return { access_token: 'T'.repeat(136), expires_in: 7200 };
	if (pathname === '/tcb/invokecloudfunction')
		return invoke(JSON.parse(body));
	if (/^multipart/.test(request.headers['content-type']))
		return send(body);
	return database(JSON.parse(body));
}

const server = http.createServer(async (request, reply) => {
	const chunks = [];
	for await (const chunk of request)
		chunks.push(chunk);
	const value = await respond(request, Buffer.concat(chunks));
	if (value instanceof Uint8Array) {
		reply.setHeader('content-type', 'application/octet-stream');
		reply.end(value);
	} else {
		reply.setHeader('content-type', 'application/json; charset=utf-8');
		reply.end(JSON.stringify(value));
	}
});

server.listen(0, '127.0.0.1', () => {
	const base = `http://127.0.0.1:${server.address().port}`;
	Object.assign(process.env, {
		TCB_CONTEXT_CNFG: JSON.stringify({ URL: `${base}/admin` }),
		TENCENTCLOUD_RUNENV: 'SCF',
		TENCENTCLOUD_REGION: 'ap-shanghai',
		SCF_NAMESPACE: 'cloud1-test',
		TCB_ENV: 'cloud1-test',
		TENCENTCLOUD_SECRETID: 'dummy',
		TENCENTCLOUD_SECRETKEY: 'dummy',
		TENCENTCLOUD_SESSIONTOKEN: 'dummy',
		TCB_SOURCE: scene.source || 'wx_http',
		WX_CONTEXT_KEYS: 'WX_APPID',
		WX_APPID: 'wxb2c4e35d16d99fd3',
		SILENCE: 'true',
	});
	({ main } = require(path.resolve(folder)));
	console.error = (...words) => process.stderr.write(words.join(' ') + '\n');
	process.stdout.write(`listening on ${base}\n`);
});
