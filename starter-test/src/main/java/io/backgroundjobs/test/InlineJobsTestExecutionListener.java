package io.backgroundjobs.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Forgets after each test method what it has told {@link InlineJobs}, since the methods
 * share an application context.
 */
class InlineJobsTestExecutionListener implements TestExecutionListener {

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			testContext.getApplicationContext().getBeanProvider(InlineJobs.class).ifAvailable(InlineJobs::reset);
		}
	}

}
