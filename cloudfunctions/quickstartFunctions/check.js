/*
 * What `outbox-relay check` asks: whether settings.js is filled in, whether the
 * collections can be read, and which recipients have an openid. Sends nothing,
 * writes nothing, and gives no openid away.
 *
 * event: { type: 'outboxCheck', recipients: [id, ...] }
 */
const MOST_RECIPIENTS = 20;

const hasTemplate = (entry) => Boolean(entry.templateId)
	&& entry.templateId !== 'TEMPLATE_ID_HERE';

const openidOf = (user, settings) => settings.users.openidFields
	.map((field) => user[field]).find(Boolean);

function stateOf(id, users, settings) {
	const user = users.find((one) => settings.users.idFields
		.some((field) => one[field] === id));
	if (!user)
		return 'unknown';
	return openidOf(user, settings) ? 'bound' : 'unbound';
}

/* For each type what `outbox-relay check` compares with the account's templates:
 * IDs are no secrets. */
const messageOf = (entry) => ({
	templateId: String(entry.templateId || ''),
	keys: Object.keys(entry.fields || {}),
});

const mapTypes = (settings, value) => Object.fromEntries(
	Object.entries(settings.types).map(([type, entry]) =>
		[type, value(entry)]));

/**
 * Fills `found` in, as far as it comes: templates (type -> whether it has an
 * ID), messages (type -> its ID, and the template's keys that it fills), then
 * recipients (id -> bound, unbound, unknown).
 * @throws what wx-server-sdk throws for a collection that cannot be read
 */
async function check(db, settings, event, found) {
	const { collection, idFields } = settings.users;
	const ids = Array.isArray(event.recipients)
		? event.recipients.map(String).slice(0, MOST_RECIPIENTS) : [];
	found.templates = mapTypes(settings, hasTemplate);
	found.messages = mapTypes(settings, messageOf);
	const users = await db.collection(collection)
		.where(db.command.or(idFields.map((field) =>
			({ [field]: db.command.in(ids) }))))
		.limit(100)
		.get();
	found.recipients = Object.fromEntries(ids.map((id) =>
		[id, stateOf(id, users.data, settings)]));
}

module.exports = { check, hasTemplate, openidOf };
