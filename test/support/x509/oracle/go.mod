module meshdev.test/oracle

go 1.26
