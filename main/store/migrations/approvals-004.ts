/** Which labels were lifted, as a JSON list; NULL: all of the statement, where `reveal` is set. */
export const approvals004 = `ALTER TABLE approvals ADD COLUMN reveal_labels TEXT;`
