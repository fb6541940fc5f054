/*
 * ==========================================================================
 *  SETTINGS: the only file that you change.          设置：只需修改本文件。
 * ==========================================================================
 */
module.exports = {
	/* Where users are kept, and which of their fields hold the id that the
	 * CRM sends and the openid of this mini-program. WeChat writes _openid
	 * into a record by itself: it is the openid of whoever made the record.
	 * Add '_openid' only if each user makes their own.
	 * 用户集合；CRM 发来的用户编号所在的字段；openid 所在的字段。_openid 由
	 * 微信自动写入，是创建这条记录的人的 openid：只有每条记录都由用户本人
	 * 在小程序端创建时，才可以加上 '_openid'。 */
	users: {
		collection: 'users',
		idFields: ['_id', 'userId'],
		openidFields: ['openid'],
	},

	/* Which version of the mini-program the message opens: formal, trial or
	 * developer.  点开消息进入的版本：formal 正式、trial 体验、developer 开发 */
	miniprogramState: 'formal',

	/* What was sent is remembered here for so many days, so that a repeat of
	 * the same notification is dropped.
	 * 已发送的通知记录在此集合，保留若干天，重复的通知不再发送。 */
	sent: { collection: 'notifications_sent', days: 7 },

	/* One entry a type of notification.
	 *   templateId  我的模板 -> the template's ID
	 *   to          field of the notification that names the user
	 *   page        page that is opened; {field} is replaced
	 *   fields      key of the template -> field of the notification; the key
	 *               without its number says what kind of value it is
	 * 每种通知一项。templateId 填“我的模板”里的模板 ID；fields 左边是模板里
	 * 的键（去掉 .DATA），右边是通知数据里的字段名。 */
	types: {
		sendCustomerAssignNotify: {
			templateId: 'TEMPLATE_ID_HERE',
			to: 'assignedToId',
			page: 'pages/customer/detail?id={customerId}',
			fields: {
				thing1: 'customerName',
				thing2: 'source',
				name3: 'assignerName',
				time4: 'assignTime',
			},
		},
	},
};
