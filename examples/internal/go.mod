module example.test/internal

go 1.26.0
