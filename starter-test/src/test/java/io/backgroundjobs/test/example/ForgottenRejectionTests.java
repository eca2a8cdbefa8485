package io.backgroundjobs.test.example;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.JobState;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.test.InlineJobs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that one test method's rejections do not meet the next one.
 */
@WebMvcTest(OrderController.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForgottenRejectionTests {

	@Autowired
	JobSpawner jobs;

	@Autowired
	InlineJobs inlineJobs;

	@MockitoBean
	Receipts receipts;

	@Test
	@Order(1)
	void rejectionThatDoesNotHappen() {
		this.inlineJobs.rejectNext(RejectionReason.FULL);
	}

	@Test
	@Order(2)
	void isForgottenInTheNextMethod() {
		assertThat(this.jobs.spawn("receipt", () -> 1).state()).isEqualTo(JobState.SUCCEEDED);
	}

}
