-- What the CRM inserts: one row for each of its four endpoints, and three that
-- go to somebody who cannot be reached.
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a501","customerName":"张三","source":"区域匹配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a601","assignTime":"2025-12-24T10:30:00.000Z"}');
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a501","customerName":"张三","source":"手动分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a601","assignTime":"2025-12-24T10:30:00.000Z"}');
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a501","customerName":"5个客户","source":"批量分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a601","assignTime":"2025-12-24T10:30:00.000Z"}');
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a501","customerName":"2个客户","source":"从公海分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a606","assignTime":"2025-12-24T10:30:00.000Z"}');
-- This user's WeChat is not bound,
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a502","customerName":"王小明","source":"手动分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a607","assignTime":"2025-12-24T10:31:00.000Z"}');
-- this one has no subscription left,
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a503","customerName":"欧阳娜娜","source":"手动分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a608","assignTime":"2025-12-24T10:32:00.000Z"}');
-- and nobody in the cloud has heard of this one.
INSERT INTO outbox (type, payload) VALUES ('sendCustomerAssignNotify', '{"assignedToId":"66f2a1c0e4b0a1d2c3b4a599","customerName":"3个客户","source":"批量分配","assignerName":"李四","customerId":"66f2a1c0e4b0a1d2c3b4a609","assignTime":"2025-12-24T10:33:00.000Z"}');
