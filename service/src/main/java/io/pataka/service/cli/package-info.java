/** Commands for operators. A fault that an operator can correct is one line of output. */
package io.pataka.service.cli;
