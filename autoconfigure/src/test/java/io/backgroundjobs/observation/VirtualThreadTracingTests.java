package io.backgroundjobs.observation;

import org.junit.jupiter.api.Tag;

/**
 * The same traces where jobs run on virtual threads.
 */
@Tag("virtual")
class VirtualThreadTracingTests extends JobTracingTests {

	@Override
	String threads() {
		return "virtual";
	}

}
