/*
 * The values of a subscribe message: each kind of template key has a limit, and
 * WeChat refuses the whole message (47003) for one value that breaks it.
 *
 * Knows no database and sends nothing.
 */
const BEIJING_MS = 8 * 3600 * 1000;

/* What belongs to the character before it: accents, the colours of skin. */
const JOINS = /[\p{Mn}\p{Me}\u{1f3fb}-\u{1f3ff}]/u;

function cut(text, most) {
	const chars = Array.from(text);
	let end = most - 1;
	if (chars.length <= most)
		return text;
	while (end > 0 && JOINS.test(chars[end]))
		end--;
	return chars.slice(0, end).join('') + '…';
}

const keep = (pattern, most) => (text) =>
	Array.from(text)
		.filter((char) => pattern.test(char))
		.slice(0, most)
		.join('');
const ASCII = /^[\x20-\x7e]$/;

/* Up to 20 letters, or 10 characters if one of them is none (an ellipsis is
 * none); digits are often refused in names. */
function name(text) {
	const chars = text.replace(/[0-9]/g, '').trim() || text;
	return Array.from(chars).every((char) => ASCII.test(char))
		? chars.slice(0, 20) : cut(chars, 10);
}

/* A number with what stands round it: a sign, a unit. */
const FIGURE = /^([^\d.\-−－]*)(\d+)(?:\.(\d+))?(\D*)$/;

/* Only decimals are ever cut off: without its minus or one of its digits it
 * would be another number. WeChat takes no negative one. */
function figure(text, most) {
	const bare = text.replace(/\s|(?<=\d),(?=\d)/g, '');
	const [, before, whole, part, after] = FIGURE.exec(bare) || [];
	if (!whole || whole.length > most)
		return { digits: '' };
	const decimals = (part || '').slice(0, most - whole.length);
	return { before, digits: decimals ? `${whole}.${decimals}` : whole, after };
}

function amount(text) {
	const { before, digits, after } = figure(text, 10);
	if (!digits)
		return '';
	const [sign] = /[¥￥$€]$/.exec(before) || [''];
	return sign + digits + (after.startsWith('元') ? '元' : '');
}

/* A point of time as Beijing's clocks show it: WeChat converts nothing, and
 * functions run in UTC. One without a zone is UTC. Text that is a time of day
 * already stays. */
function time(text) {
	const zone = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? '' : 'Z';
	const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text + zone)
		: /^\d{13}$/.test(text) ? Number(text) : NaN;
	if (Number.isNaN(at))
		return /^\d{4}[-年/.]|^\d{1,2}:\d\d/.test(text) ? cut(text, 32) : '';
	return new Date(at + BEIJING_MS).toISOString().slice(0, 16)
		.replace('T', ' ');
}

const KINDS = {
	__proto__: null,
	thing: (text) => cut(text, 20),
	name,
	phrase: keep(/\p{Script=Han}/u, 5),
	character_string: keep(ASCII, 32),
	number: (text) => figure(text, 32).digits,
	letter: keep(/[A-Za-z]/, 32),
	symbol: keep(/[^\p{L}\p{N}\s]/u, 5),
	time,
	date: time,
	amount,
	phone_number: keep(/[0-9+() -]/, 17),
	car_number: (text) => cut(text, 8),
	enum: (text) => text,
	enum_string: (text) => text,
};

/* A value on one line, without what no template takes. */
function plain(value) {
	if (typeof value !== 'string' && typeof value !== 'number')
		return '';
	return String(value)
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
		.trim();
}

/**
 * The `data` of a message.
 * @param map key of the template -> field of the notification
 * @returns {{data: object}|{wrong: string}} wrong: the key whose value is
 *   missing, or cannot be of its kind
 */
function messageData(map, notification) {
	const data = {};
	for (const [key, field] of Object.entries(map)) {
		const kind = KINDS[key.replace(/\d+$/, '')];
		const value = kind ? kind(plain(notification[field])) : '';
		if (!value)
			return { wrong: key, field };
		data[key] = { value };
	}
	return { data };
}

/** A page with its {field} places filled in, percent-encoded; none is none. */
function pageOf(page, notification) {
	return page && page.replace(/\{(\w+)\}/g, (_, field) =>
		encodeURIComponent(plain(notification[field])));
}

module.exports = { messageData, pageOf };
