/*
 * quickstartFunctions: takes a notification of the CRM, which the outbox relay
 * passes on, and sends it to its user as a subscribe message.
 *
 * event: { type, notificationData: {...}, notificationId }
 *
 * Always answers and never throws: { success: true, message, data }, or
 * { success: false, message, error: { code, message } } with WeChat's own code.
 */
const cloud = require('wx-server-sdk');
const { check, hasTemplate, openidOf } = require('./check');
const { messageData, pageOf } = require('./fields');
const settings = require('./settings');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const db = cloud.database();
const DAY_MS = 24 * 3600 * 1000;
const NO_COLLECTION = -502005;
const THREW = -504002;
const MOST_USERS = 20;

/* What ends the work with an answer that is no success. */
class Refusal extends Error {
	constructor(message, code, detail) {
		super(message);
		this.answer = { success: false, message };
		if (code !== undefined)
			this.answer.error = { code, message: detail || message };
	}
}

/* WeChat's code out of whatever was thrown; a slip in settings.js is the
 * function's own, and none of a busy WeChat. */
function codeOf(thrown) {
	const { errCode, errcode, message } = Object(thrown);
	const own = [errCode, errcode].find((code) => /^-?[1-9]\d*$/.test(code));
	const said = /errCode:?\s*(-?\d+)/i.exec(message);
	if (own || said)
		return Number(own || said[1]);
	return thrown instanceof TypeError ? THREW : -1;
}

function wordsOf(thrown) {
	const { errMsg, message } = Object(thrown);
	return [errMsg, message, thrown]
		.find((words) => typeof words === 'string' && words) || '未知错误';
}

/* A mini-program's client may call functions as well; only who holds the
 * access_token comes over HTTP. */
function mustBeHttp() {
	const source = String(cloud.getWXContext().SOURCE || '');
	if (source.split(',')[0] !== 'wx_http')
		throw new Refusal('只允许通过 HTTP API 调用', -604104,
			`SOURCE is ${source || 'missing'}, not wx_http`);
}

/* A query for an object would be a query of its sender's own. */
const idOf = (value) => (['string', 'number'].includes(typeof value)
	? String(value) : '');

/* The openid of a user; of several, that of the one whose field stands first in
 * idFields, as in the relay's own channel wechat-subscribe. */
async function findUser(id) {
	const { collection, idFields } = settings.users;
	const rank = (user) => idFields.findIndex((field) => user[field] === id);
	/* Some user may have an empty field. */
	if (!id)
		throw new Refusal('未找到用户');
	const found = await db.collection(collection)
		.where(db.command.or(idFields.map((field) => ({ [field]: id }))))
		.limit(MOST_USERS)
		.get();
	if (!found.data.length)
		throw new Refusal('未找到用户');
	const [user] = found.data.sort((a, b) => rank(a) - rank(b));
	const openid = openidOf(user, settings);
	if (!openid)
		throw new Refusal('用户未绑定微信');
	return openid;
}

/* Whether this notification was sent before, and not too long ago. One whose
 * first call is still sending was not: a mark set before the send would drop
 * what was never sent. */
async function wasSent(id) {
	const { collection, days } = settings.sent;
	try {
		const found = await db.collection(collection).where({
			_id: id,
			sentAt: db.command.gt(Date.now() - days * DAY_MS),
		}).limit(1).get();
		return found.data.length > 0;
	} catch (error) {
		if (codeOf(error) !== NO_COLLECTION)
			throw error;
		/* Another call may be making it at this moment. */
		await db.createCollection(collection).catch((why) =>
			console.error('no collection', collection, wordsOf(why)));
		return false;
	}
}

/* Only what was sent is remembered: whoever refused may consent and be sent the
 * same notification. It is sent whatever comes of this. */
async function remember(id) {
	const { collection, days } = settings.sent;
	const sentAt = Date.now();
	try {
		await db.collection(collection).doc(id).set({ data: { sentAt } });
		await db.collection(collection)
			.where({ sentAt: db.command.lt(sentAt - days * DAY_MS) })
			.remove();
		return true;
	} catch (error) {
		console.error('not recorded as sent', id, wordsOf(error));
		return false;
	}
}

/* The message, or a refusal that names what is wrong with it. */
function compose(entry, openid, notification) {
	const { data, wrong, field } = messageData(entry.fields, notification);
	if (wrong)
		throw new Refusal(`通知数据缺少有效的 ${field}`, 47003,
			`argument invalid! data.${wrong}.value is empty`);
	if (!hasTemplate(entry))
		throw new Refusal('settings.js 中未填写模板 ID', 40037,
			'invalid template_id: settings.js has none');
	return {
		touser: openid,
		templateId: entry.templateId,
		page: pageOf(entry.page, notification),
		data,
		miniprogramState: settings.miniprogramState,
		lang: 'zh_CN',
	};
}

/* What outbox-relay check asks; see check.js. The collection of what was sent
 * is made with the first message, and may be missing. */
async function inspect(event) {
	const data = {};
	try {
		await check(db, settings, event, data);
		await db.collection(settings.sent.collection).limit(1).get()
			.catch((error) => {
				if (codeOf(error) !== NO_COLLECTION)
					throw error;
			});
		return { success: true, message: '检查完成', data };
	} catch (error) {
		return { success: false, message: '集合无法读取', data,
			error: { code: codeOf(error), message: wordsOf(error) } };
	}
}

async function handle(event) {
	mustBeHttp();
	if (event.type === 'outboxCheck')
		return inspect(event);
	const { type, notificationId, notificationData: given } = event;
	const entry = new Map(Object.entries(settings.types)).get(type);
	if (!entry)
		return { success: false, message: '未知的操作类型', type };
	const notification = given && typeof given === 'object' ? given : {};
	const id = typeof notificationId === 'string' ? notificationId : '';
	if (id && await wasSent(id))
		return { success: true, message: '通知已发送过', duplicate: true,
			data: { notificationId: id } };
	const openid = await findUser(idOf(notification[entry.to]));
	const message = compose(entry, openid, notification);
	const sent = await cloud.openapi.subscribeMessage.send(message);
	const recorded = id ? await remember(id) : false;
	return { success: true, message: '通知发送成功',
		data: { errCode: sent.errCode, recorded } };
}

exports.main = async (event) => {
	try {
		return await handle(event && typeof event === 'object' ? event : {});
	} catch (error) {
		if (error instanceof Refusal)
			return error.answer;
		console.error(wordsOf(error));
		return { success: false, message: '订阅消息发送失败',
			error: { code: codeOf(error), message: wordsOf(error) } };
	}
};
