package io.backgroundjobs.test.example;

import org.springframework.stereotype.Component;

/**
 * Sends receipts; a slice test mocks it.
 */
@Component
class Receipts {

	void send(String order) {
		throw new UnsupportedOperationException("There is no mail server in the example: " + order);
	}

}
