package io.holdfast.camel;

import org.apache.camel.component.file.cluster.FileLockClusteredRoutePolicyFactoryTest;
import org.apache.camel.component.file.cluster.FileLockClusteredRoutePolicyTest;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * Camel's own tests of its cluster service on files, as they are in Camel's jar of tests, on a class of that name that
 * is this cluster service.
 */
@Suite
@SelectClasses({FileLockClusteredRoutePolicyTest.class, FileLockClusteredRoutePolicyFactoryTest.class})
class CamelContractTest {}
