/*
 * What the cloud function answers to events that nobody should send, and to
 * errors of every form, with WeChat's own SDK and no cloud behind it, as TAP.
 *
 *	events.js FUNCTION-FOLDER
 */
const path = require('node:path');
const { createRequire } = require('node:module');

/* Nobody listens at port 9 of this host. */
Object.assign(process.env, {
	TCB_CONTEXT_CNFG: JSON.stringify({ URL: 'http://127.0.0.1:9/admin' }),
	TENCENTCLOUD_RUNENV: 'SCF',
	TENCENTCLOUD_REGION: 'ap-shanghai',
	SCF_NAMESPACE: 'cloud1-test',
	TCB_ENV: 'cloud1-test',
	TENCENTCLOUD_SECRETID: 'dummy',
	TENCENTCLOUD_SECRETKEY: 'dummy',
	TENCENTCLOUD_SESSIONTOKEN: 'dummy',
	TCB_SOURCE: 'wx_http',
	WX_CONTEXT_KEYS: 'WX_APPID',
	WX_APPID: 'wxb2c4e35d16d99fd3',
	SILENCE: 'true',
});
const modules = createRequire(path.join(process.env.NODE_PATH, 'x.js'));
const cloud = modules('wx-server-sdk');
const folder = path.resolve(process.argv[2]);
const { main } = require(folder);
const settings = require(path.join(folder, 'settings.js'));
console.error = () => {};

const KNOWN = 'sendCustomerAssignNotify';
const unknown = (type) => ({ success: false, message: '未知的操作类型', type });
const nobody = { success: false, message: '未找到用户' };
const given = (notificationData) => ({ type: KNOWN, notificationData });
const CASES = [
	['undefined', undefined, unknown()],
	['null', null, unknown()],
	['text', 'text', unknown()],
	['a number', 7, unknown()],
	['a list', [{ type: KNOWN }], unknown()],
	['an empty object', {}, unknown()],
	['a list as type', { type: [KNOWN] }, unknown([KNOWN])],
	...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']
		.map((type) => [`type "${type}"`, { type }, unknown(type)]),
	['no notificationData', { type: KNOWN }, nobody],
	...[null, 'text', 7, [], [{ assignedToId: 'u' }],
		{ assignedToId: '' }, { assignedToId: null },
		{ assignedToId: { toString: 1 } }, { assignedToId: { $ne: '' } },
		{ assignedToId: ['u-sent'] }, { assignedToId: true }]
		.map((data) => [`notificationData ${JSON.stringify(data)}`,
			given(data), nobody]),
];

let count = 0;
function check(name, have, want) {
	count += 1;
	const isSame = JSON.stringify(have) === JSON.stringify(want);
	console.log(`${isSame ? '' : 'not '}ok ${count} - ${name}`);
	if (!isSame)
		console.log(`# have ${JSON.stringify(have)}\n# want ${JSON.stringify(want)}`);
}

/* The answer, or what was thrown in place of one. */
async function answer(event) {
	try {
		return await main(event);
	} catch (error) {
		return { threw: String(error) };
	}
}

const coded = (errCode, errMsg) => Object.assign(new Error('x'),
	{ errCode, errMsg });
const THROWN = [
	[null, -1],
	[undefined, -1],
	['text', -1],
	[7, -1],
	[{}, -1],
	[coded(43101, 'refused'), 43101],
	[coded('43101', 'refused'), 43101],
	[new Error('errCode: 43107  | errMsg: banned'), 43107],
	[new TypeError('x is undefined'), -504002],
	[Object.create(null), -1],
];

async function answerTo(thrown) {
	const real = cloud.getWXContext;
	cloud.getWXContext = () => { throw thrown; };
	const { success, error, threw } = await answer({});
	cloud.getWXContext = real;
	return threw || [success, error.code, typeof error.message];
}

(async () => {
	for (const [name, event, want] of CASES)
		check(name, await answer(event), want);
	for (const [thrown, code] of THROWN)
		check(`thrown: ${typeof thrown} ${JSON.stringify(thrown)}`,
			await answerTo(thrown), [false, code, 'string']);
	const lost = await answer(given({ assignedToId: 'u' }));
	check('no way to the database', [lost.success, lost.error.code],
		[false, -501001]);
	settings.types = undefined;
	check('settings without types', (await answer({})).error.code, -504002);
	console.log(`1..${count}`);
	process.exit(0);
})();
